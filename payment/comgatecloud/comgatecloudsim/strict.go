package comgatecloudsim

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"

	"tillkeeper/payment"
)

// posted is what a POST asks for.
type posted struct {
	price payment.Amount
	refID string
}

// wholePrice is a positive JSON integer of at most twelve digits (B.7).
var wholePrice = regexp.MustCompile(`^[1-9][0-9]{0,11}$`)

// readOrder checks the body of a POST, or says what to answer in its place.
func (s *Server) readOrder(body []byte) (posted, *answer) {
	refuse := func(rule Rule, detail string, code int, text string) (posted, *answer) {
		s.report("", rule, detail)
		a := no(code, text)
		return posted{}, &a
	}
	members, err := readObject(body)
	if err != nil {
		return refuse(RuleJSON, err.Error(), codeBadRequest, "Bad request")
	}
	for key := range members {
		if key != "price" && key != "curr" && key != "refId" {
			s.report("", RuleMember, "member "+key)
		}
	}
	curr, _ := members["curr"].(string)
	c, err := payment.ParseCurrency(curr)
	if err != nil || string(c) != curr {
		return refuse(RuleCurrency, "curr is no ISO 4217 code in capitals", codeCurrency, "Unknown currency")
	}
	if s.opts.Currency != "" && curr != s.opts.Currency {
		return refuse(RuleCurrency, "the terminal does not charge in "+curr, codeCurrency, "Unknown currency")
	}
	number, ok := members["price"].(json.Number)
	if !ok || !wholePrice.MatchString(number.String()) {
		return refuse(RulePrice, "price is no positive JSON integer", codeAmount, "Wrong amount")
	}
	minor, err := number.Int64()
	if err != nil {
		return refuse(RulePrice, err.Error(), codeAmount, "Wrong amount")
	}
	p := posted{price: payment.FromMinor(minor, c)}
	if ref, given := members["refId"]; given {
		if p.refID, ok = ref.(string); !ok {
			return refuse(RuleRefID, "refId is no text", codeBadRequest, "Bad request")
		}
	}
	return p, nil
}

// readObject reads exactly one JSON object.
func readObject(body []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var members object
	if err := dec.Decode(&members); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF || members == nil {
		return nil, io.ErrUnexpectedEOF
	}
	return members, nil
}
