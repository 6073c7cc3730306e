package comgatecloud

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

// decode reads an answer. It takes everything; what is no JSON object has no members.
func decode(status int, body []byte) reply {
	r := reply{status: status, page: bytes.HasPrefix(bytes.TrimSpace(body), []byte("<"))}
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	dec.UseNumber()
	var object map[string]any
	err := dec.Decode(&object)
	if _, end := dec.Token(); err != nil || end != io.EOF || object == nil {
		r.raw = fmt.Sprintf("[HTTP %d, %d bytes that are not one JSON object]", status, len(body))
		return r
	}
	r.object, r.fields = object, wire.Texts(object)
	r.raw = clean(object)
	return r
}

// clean writes an answer without what must not be kept: the card's expiry (B.3).
func clean(object map[string]any) string {
	kept := make(map[string]any, len(object))
	for key, value := range object {
		if !strings.EqualFold(key, "cardValid") {
			kept[key] = value
		}
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return "[an answer that cannot be shown]"
	}
	return wire.MaskJSON(text)
}

var whole = regexp.MustCompile(`^[0-9]{1,12}$`)

// minor reads a price in minor units (B.1). c is the currency where the answer names none.
func minor(price, curr string, c payment.Currency) (payment.Amount, error) {
	if curr != "" {
		var err error
		if c, err = payment.ParseCurrency(curr); err != nil {
			return payment.Amount{}, err
		}
	}
	if price == "" {
		return payment.Amount{}, nil
	}
	n, err := strconv.ParseInt(price, 10, 64)
	if err != nil || !whole.MatchString(price) {
		return payment.Amount{}, fmt.Errorf("price %q is no whole number", words(price))
	}
	return payment.FromMinor(n, c), nil
}

// facts reads what a status object says about money (B.3). The transId is the one
// that was asked with.
func (r reply) facts(transID string, c payment.Currency) (payment.Facts, error) {
	f := payment.Facts{Reference: transID, Card: payment.LastFour(r.fields["cardNumber"])}
	var err error
	f.Amounts.Amount, err = minor(r.fields["price"], r.fields["curr"], c)
	return f, err
}

// maxWords bounds a sentence of the server's.
const maxWords = 200

// words makes a text of the server's fit to be shown.
func words(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	text = payment.Mask(strings.TrimSpace(text))
	if runes := []rune(text); len(runes) > maxWords {
		text = string(runes[:maxWords]) + " …"
	}
	return text
}
