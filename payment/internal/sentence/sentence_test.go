package sentence_test

import (
	"maps"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
)

func TestSentences(t *testing.T) {
	for text, want := range map[string]struct {
		sentence.Sentence
		words string
	}{
		"":                               {},
		"Declined":                       {sentence.Sentence{General: "Declined"}, "Declined"},
		"Declined[[TS-D2012]No funds]":   {sentence.Sentence{General: "Declined", Code: "D2012", Detail: "No funds"}, "Declined: No funds"},
		" Declined [[ K026 ] by user ] ": {sentence.Sentence{General: "Declined", Code: "K026", Detail: "by user ]"}, "Declined: by user ]"},
		"[[A-B-112]too late]":            {sentence.Sentence{Code: "112", Detail: "too late"}, "too late"},
		"Transaction failed[[TS-D2012]Insufficient Funds]":            {sentence.Sentence{General: "Transaction failed", Code: "D2012", Detail: "Insufficient Funds"}, "Transaction failed: Insufficient Funds"},
		"Operator cancellation[[K026]Manual cancelation by operator]": {sentence.Sentence{General: "Operator cancellation", Code: "K026", Detail: "Manual cancelation by operator"}, "Operator cancellation: Manual cancelation by operator"},
		"[[M003]":                         {sentence.Sentence{Code: "M003"}, ""},
		"a[[b]c]d]]":                      {sentence.Sentence{General: "a", Code: "b", Detail: "c]d]"}, "a: c]d]"},
		"torn[[K0":                        {sentence.Sentence{General: "torn"}, "torn"},
		"card 4111111111111111[[1]again]": {sentence.Sentence{General: "card 4111111111111111", Code: "1", Detail: "again"}, "card ************1111: again"},
	} {
		got := sentence.Parse(text)
		if got != want.Sentence || got.Words() != want.words {
			t.Errorf("%q is %+v, %q", text, got, got.Words())
		}
	}
}

func TestBareCodes(t *testing.T) {
	for code, want := range map[string]string{"": "", "K026": "K026", "TS-D2012": "D2012", "A-B- C ": "C", "TS-": ""} {
		if got := sentence.BareCode(code); got != want {
			t.Errorf("%q is %q, want %q", code, got, want)
		}
	}
}

func TestTable(t *testing.T) {
	got := sentence.Table(map[payment.Code]string{payment.CodeExpired: "112 K1", payment.CodeDeclined: "9"})
	want := map[string]payment.Code{"112": payment.CodeExpired, "K1": payment.CodeExpired, "9": payment.CodeDeclined}
	if !maps.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func FuzzSentences(f *testing.F) {
	for _, text := range []string{"SUCCESS", "Transaction failed[[TS-D2012]Insufficient Funds]", "[[M003]", "a[[b]c]d]]", "[[]]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := sentence.Parse(text)
		if strings.Contains(s.General, "[[") || strings.Contains(s.Code, "]") {
			t.Errorf("%q is %+v", text, s)
		}
		if len(s.General)+len(s.Code)+len(s.Detail) > len(text) {
			t.Errorf("%q invents text: %+v", text, s)
		}
	})
}
