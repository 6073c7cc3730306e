// Package sentence takes apart what CodePay's terminals and its platform say to
// people: sentences with codes in them. Both protocols, over the local network and
// over the cloud, say them alike.
package sentence

import (
	"strings"

	"tillkeeper/payment"
)

// Table turns lists of the vendor's codes, divided by spaces, into a table by code.
func Table(lists map[payment.Code]string) map[string]payment.Code {
	all := map[string]payment.Code{}
	for code, words := range lists {
		for word := range strings.FieldsSeq(words) {
			all[word] = code
		}
	}
	return all
}

// Sentence is a text taken apart: "<general>[[<code>]<detail>]".
type Sentence struct{ General, Code, Detail string }

// Parse takes every text; one without a code is General alone.
func Parse(text string) Sentence {
	general, rest, found := strings.Cut(text, "[[")
	s := Sentence{General: strings.TrimSpace(general)}
	if !found {
		return s
	}
	code, detail, found := strings.Cut(rest, "]")
	if !found {
		return s
	}
	s.Code = BareCode(code)
	s.Detail = strings.TrimSpace(strings.TrimSuffix(detail, "]"))
	return s
}

// BareCode takes a processor's prefix such as "TS-" off a code.
func BareCode(code string) string {
	return strings.TrimSpace(code[strings.LastIndexByte(code, '-')+1:])
}

// Words is what staff may read: general text and detail, masked.
func (s Sentence) Words() string {
	switch {
	case s.Detail == "":
		return payment.Mask(s.General)
	case s.General == "":
		return payment.Mask(s.Detail)
	}
	return payment.Mask(s.General + ": " + s.Detail)
}
