package iotpay

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// cents is an amount in minor units of its currency's own places (§4.1).
func cents(a payment.Amount) string { return strconv.FormatInt(a.Minor(), 10) }

// encode writes a signed request as the body of the form (§2). Exactly the text that
// was signed is what is sent.
func encode(p params, wrapped bool) ([]byte, error) {
	if !wrapped {
		form := url.Values{}
		for name, value := range p {
			form.Set(name, value)
		}
		return []byte(percent(form.Encode())), nil
	}
	text, err := compactJSON(p)
	if err != nil {
		return nil, err
	}
	return []byte("params=" + percent(url.QueryEscape(text))), nil
}

// percent writes a space as every decoder of forms reads it.
func percent(form string) string { return strings.ReplaceAll(form, "+", "%20") }

func compactJSON(value any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return "", err
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

// object is a JSON object with its members in the order and the text in which they
// came, which signatures need (§3.4).
type object []member

type member struct {
	name string
	raw  json.RawMessage
}

var errNotObject = errors.New("not one JSON object")

// parseObject reads one JSON object. A name that is said twice is an error: whoever
// signs and whoever reads might take different ones.
func parseObject(text []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errNotObject // the decoder's words may hold card data
	}
	o := object{}
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		key, isText := t.(string)
		var raw json.RawMessage
		if err != nil || !isText || seen[key] || dec.Decode(&raw) != nil {
			return nil, errNotObject
		}
		seen[key] = true
		o = append(o, member{key, raw})
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNotObject
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNotObject
	}
	return o, nil
}

// plain returns a member that is no object and no list as text; null is "".
func (m member) plain() (text string, ok bool) {
	switch m.raw[0] {
	case '{', '[':
		return "", false
	case '"':
		if json.Unmarshal(m.raw, &text) != nil {
			return "", false
		}
		return text, true
	case 'n':
		return "", true
	}
	return string(m.raw), true
}

// text returns a plain member by its name, "" where there is none.
func (o object) text(name string) string {
	for _, m := range o {
		if m.name == name {
			text, _ := m.plain()
			return text
		}
	}
	return ""
}

// nested returns an object in the object, also one that is written as text; nil where
// there is none.
func (o object) nested(name string) object {
	for _, m := range o {
		if m.name != name {
			continue
		}
		raw := []byte(m.raw)
		if text, plain := m.plain(); plain {
			raw = []byte(text)
		}
		inner, err := parseObject(raw)
		if err != nil {
			return nil
		}
		return inner
	}
	return nil
}

// rewritten is a value as JSON without spaces and needless escapes, its members in
// the order in which they came.
func rewritten(raw []byte) string {
	var b strings.Builder
	if rewrite(&b, raw) != nil {
		return ""
	}
	return b.String()
}

func rewrite(b *strings.Builder, raw []byte) error {
	switch raw[0] {
	case '{':
		return rewriteObject(b, raw)
	case '[':
		return rewriteList(b, raw)
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		quoted, err := compactJSON(text)
		b.WriteString(quoted)
		return err
	}
	b.Write(raw)
	return nil
}

func rewriteObject(b *strings.Builder, raw []byte) error {
	o, err := parseObject(raw)
	if err != nil {
		return err
	}
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := compactJSON(m.name)
		if err != nil {
			return err
		}
		b.WriteString(name + ":")
		if err := rewrite(b, m.raw); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func rewriteList(b *strings.Builder, raw []byte) error {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	b.WriteByte('[')
	for i, value := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := rewrite(b, value); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}
