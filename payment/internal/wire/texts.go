package wire

import (
	"encoding/json"
	"strconv"
)

// Texts reads the plain members of a decoded object as text, with numbers as
// [json.Number]. Anything that is no object, such as the empty string that some send
// in its place, has none.
func Texts(value any) map[string]string {
	object, _ := value.(map[string]any)
	texts := make(map[string]string, len(object))
	for key, member := range object {
		switch v := member.(type) {
		case string:
			texts[key] = v
		case json.Number:
			texts[key] = v.String()
		case bool:
			texts[key] = strconv.FormatBool(v)
		}
	}
	return texts
}
