package iotpaysim

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// object is a JSON object whose members keep their order and their text, which
// signatures need. Values are string, int64 or object.
type object []member

type member struct {
	name  string
	value any
}

func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// with returns a copy in which name has the value, in its place or at the end.
func (o object) with(name string, value any) object {
	next := slices.Clone(o)
	for i := range next {
		if next[i].name == name {
			next[i].value = value
			return next
		}
	}
	return append(next, member{name, value})
}

// without returns a copy that lacks name.
func (o object) without(name string) object {
	return slices.DeleteFunc(slices.Clone(o), func(m member) bool { return m.name == name })
}

// text writes the object; spaced puts a space behind every comma and colon.
func (o object) text(spaced bool) string {
	space := ""
	if spaced {
		space = " "
	}
	var b strings.Builder
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteString("," + space)
		}
		b.WriteString(quoted(m.name) + ":" + space)
		switch v := m.value.(type) {
		case string:
			b.WriteString(quoted(v))
		case object:
			b.WriteString(v.text(spaced))
		default:
			fmt.Fprint(&b, v)
		}
	}
	b.WriteByte('}')
	return b.String()
}

func quoted(text string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string and a buffer never fail
	return strings.TrimRight(b.String(), "\n")
}

// plain is the text of a value as a signature counts it.
func plain(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case object:
		return v.text(true)
	}
	return fmt.Sprint(value)
}

// signature is the rule of §3.1 over parameters as plain text.
func signature(params map[string]string, key string) string {
	var parts []string
	for name, value := range params {
		if name != "sign" && value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	slices.SortFunc(parts, func(a, b string) int {
		nameA, _, _ := strings.Cut(a, "=")
		nameB, _, _ := strings.Cut(b, "=")
		return strings.Compare(nameA, nameB)
	})
	sum := md5.Sum([]byte(strings.Join(append(parts, "key="+key), "&")))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// signed returns the answer with its signature, made as how says. Nested objects are
// written with spaces, so that their exact and their compact text differ.
func (o object) signed(how Signing, key string) object {
	params := map[string]string{}
	for _, m := range o {
		switch nested, isObject := m.value.(object); {
		case !isObject:
			params[m.name] = plain(m.value)
		case how == LeftOut:
		case how == Compact:
			params[m.name] = nested.text(false)
		default:
			params[m.name] = nested.text(true)
		}
	}
	switch how {
	case Unsigned:
		return o
	case Wrong:
		key += "-not"
	}
	return o.with("sign", signature(params, key))
}

// wire is the text that is sent: nested objects with spaces, the rest without.
func (o object) wire() string {
	var b strings.Builder
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoted(m.name) + ":")
		if text, isText := m.value.(string); isText {
			b.WriteString(quoted(text))
		} else {
			b.WriteString(plain(m.value))
		}
	}
	b.WriteByte('}')
	return b.String()
}
