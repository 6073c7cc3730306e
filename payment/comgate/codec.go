package comgate

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

// encode writes a request.
func encode(request any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(request); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// fields are the members of a JSON object. Members of a wrong type count as absent,
// numbers may come as text and text as numbers (A.3).
type fields map[string]any

// decode reads one JSON object, and nothing behind it; nil is anything else.
func decode(body []byte) fields {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	dec.UseNumber()
	var f fields
	if err := dec.Decode(&f); err != nil || dec.More() {
		return nil
	}
	return f
}

// text is a member as text, "" where there is none.
func (f fields) text(name string) string {
	switch v := f[name].(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// truth is a member that is true or false, and whether it was said.
func (f fields) truth(name string) (value, said bool) {
	switch strings.ToLower(f.text(name)) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

var errNotWhole = errors.New("not a whole number")

// whole is a member that is a whole number of at least nothing, and whether it was
// said.
func (f fields) whole(name string) (n int64, said bool, err error) {
	text := f.text(name)
	if text == "" {
		return 0, false, nil
	}
	n, err = strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > 999_999_999_999 {
		return 0, true, fmt.Errorf("%s: %w", name, errNotWhole)
	}
	return n, true, nil
}

// words are the members of a list of texts; a single text is a list, too.
func (f fields) words(name string) (all []string) {
	if text := f.text(name); text != "" {
		return []string{text}
	}
	members, _ := f[name].([]any)
	for _, m := range members {
		if text := (fields{"": m}).text(""); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// inner is a member that is an object, nil where there is none.
func (f fields) inner(name string) fields {
	object, _ := f[name].(map[string]any)
	return object
}

// hidden are members that no record may hold, whatever they look like (A.4.5, A.9).
var hidden = []string{"securestring", "expiration", "par", "monettoken", "cardtoken"}

// clean takes out of a value what no record may hold.
func clean(value any, secret string) any {
	switch v := value.(type) {
	case fields:
		return clean(map[string]any(v), secret)
	case map[string]any:
		cleaned := make(map[string]any, len(v))
		for key, member := range v {
			if !among(hidden, key) {
				cleaned[scrub(key, secret)] = clean(member, secret)
			}
		}
		return cleaned
	case []any:
		cleaned := make([]any, len(v))
		for i := range v {
			cleaned[i] = clean(v[i], secret)
		}
		return cleaned
	case string:
		return scrub(v, secret)
	case json.Number:
		if text := scrub(v.String(), secret); text != v.String() {
			return text
		}
	}
	return value
}

// shortSecret is a password that may stand in any text by chance.
const shortSecret = 6

// scrub takes the password out of a text.
func scrub(text, secret string) string {
	if len(secret) < shortSecret {
		return text
	}
	return strings.ReplaceAll(text, secret, "***")
}

// record is a message fit for the journal and the log.
func (s settings) record(body []byte) string {
	f := decode(body)
	if f == nil {
		return wire.MaskJSON(body) // which hides what it cannot read
	}
	text, err := encode(clean(f, s.password))
	if err != nil {
		return fmt.Sprintf("[%d bytes that cannot be shown]", len(body))
	}
	return wire.MaskJSON(text)
}

// longestText bounds a terminal's sentence.
const longestText = 300

// words is a text of the terminal fit for people, logs and the journal.
func (s settings) words(text string) string {
	text = payment.Mask(scrub(strings.TrimSpace(text), s.password))
	if runes := []rune(text); len(runes) > longestText {
		text = string(runes[:longestText]) + "…"
	}
	return text
}

// number is the order number that a terminal names: ours word for word.
func (s settings) number(o payment.Order, f fields) string {
	if said := f.text("transactionId"); said != o.Number {
		return s.words(said)
	}
	return o.Number
}

// compose turns an order into the name of a call and what it asks for (A.4.3,
// A.4.8, A.4.9, A.4.11).
func (s settings) compose(req payment.Request) (call string, request map[string]any, err error) {
	o := req.Order
	if call = s.callOf(req); call == "" {
		return "", nil, payment.NotSent(payment.CodeUnsupported, "comgate: no %s with this terminal", o.Operation)
	}
	if err := s.carries(req); err != nil {
		return "", nil, err
	}
	request = map[string]any{"transactionId": o.Number}
	if o.Operation == payment.Void || o.Operation == payment.Completion {
		request["originalTransactionId"] = o.Original
	}
	if o.Operation == payment.Void {
		return call, request, nil // always of the whole
	}
	sum := o.Asked.Total()
	if o.Operation == payment.Sale && o.Asked.Tip.IsPositive() {
		request[s.tipField] = o.Asked.Tip.Minor()
		sum = o.Asked.Amount
	}
	request["amount"], request["currencyCode"] = sum.Minor(), s.currencyNumber()
	if o.Operation == payment.Completion {
		return call, request, nil
	}
	if number := invoiceOf(o.Number); s.invoice && number != "" {
		request["invoiceNumber"] = number
	}
	if s.company != nil && o.Operation != payment.Refund {
		request["daughterCompanyId"] = *s.company
	}
	return call, request, nil
}

// callOf names the call for an order, "" where the terminal has none.
func (s settings) callOf(req payment.Request) string {
	call := ""
	switch req.Order.Operation {
	case payment.Sale:
		call = "payment"
	case payment.Void:
		call = map[payment.Operation]string{"": "reverse", payment.Sale: "reverse", payment.PreAuth: "preauth_cancel"}[req.OriginalOperation]
	case payment.Refund:
		if s.refund {
			call = "refund"
		}
	case payment.PreAuth:
		call = "preauth"
	case payment.Completion:
		call = "preauth_complete"
	}
	if s.paths[call] == "" {
		return ""
	}
	return call
}

// carries refuses what the protocol cannot say.
func (s settings) carries(req payment.Request) error {
	o := req.Order
	switch {
	case o.Asked.Currency() != s.currency:
		return payment.NotSent(payment.CodeBadCurrency, "comgate: the terminal charges in %s, and the order is in %s", s.currency, o.Asked.Currency())
	case o.Operation.NeedsOriginal() && o.Operation != payment.Refund && o.Original == "":
		return payment.NotSent(payment.CodeUnknownOrder, "comgate: a %s needs the order it is about", o.Operation)
	case o.Operation == payment.Void:
		return nil
	case o.Asked.Cashback.IsPositive(), o.AskTip, o.Asked.Tip.IsPositive() && o.Operation != payment.Refund && !s.takesTip(o.Operation):
		return payment.NotSent(payment.CodeUnsupported, "comgate: tip or cashback cannot be sent this way")
	case o.Operation == payment.Refund && req.OriginalMoved.Amount.Known() && req.OriginalMoved.Total().Less(o.Asked.Total()):
		// The terminal does not know the sale that a refund is for.
		return payment.NotSent(payment.CodeRefundTooHigh, "comgate: only %s were paid", req.OriginalMoved.Total())
	}
	return nil
}

func (s settings) takesTip(op payment.Operation) bool { return op == payment.Sale && s.tipField != "" }

// currencyNumber is the number as clients say it: as a number, or as text.
func (s settings) currencyNumber() any {
	if s.currencyAsString {
		return s.currencyCode
	}
	n, _ := strconv.Atoi(s.currencyCode)
	return n
}

// invoiceOf is the digits of an order number, the last twenty of them (A.3).
func invoiceOf(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	return digits[max(0, len(digits)-20):]
}

// count is a number of movements, -1 where it was not said.
func (f fields) count(names ...string) int {
	for _, name := range names {
		if n, said, err := f.whole(name); said && err == nil && n <= math.MaxInt32 {
			return int(n)
		}
	}
	return -1
}
