package wire_test

import (
	"encoding/json"
	"maps"
	"testing"

	"tillkeeper/payment/internal/wire"
)

func TestTexts(t *testing.T) {
	got := wire.Texts(map[string]any{
		"text": "a", "empty": "", "number": json.Number("12.40"), "yes": true, "no": false,
		"nothing": nil, "list": []any{"a"}, "object": map[string]any{"a": "b"}, "float": 1.5,
	})
	want := map[string]string{"text": "a", "empty": "", "number": "12.40", "yes": "true", "no": "false"}
	if !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
	for _, none := range []any{nil, "", map[string]any(nil)} {
		if got := wire.Texts(none); got == nil || len(got) > 0 {
			t.Errorf("%v has %v", none, got)
		}
	}
}
