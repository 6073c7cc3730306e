package terminals

import (
	"slices"
	"strings"
	"unicode"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Problem returns what is wrong with a field as it is typed now. It is quick enough to be asked at every key.
func (e *Editor) Problem(f Field) Problem {
	if p := e.refused[f]; !p.None() {
		return p
	}
	switch f {
	case Name:
		return e.checkName()
	case Address:
		_, p := e.checkAddress()
		return p
	}
	for _, s := range e.protocol.Settings {
		if SettingField(s.Key) == f {
			return e.checkSetting(s)
		}
	}
	for _, s := range e.protocol.Secrets {
		if SecretField(s.Key) == f {
			return e.checkSecret(s)
		}
	}
	return Problem{}
}

// Normal is the address in its normal form, "" while it is none.
func (e *Editor) Normal() string {
	normal, p := e.checkAddress()
	if !p.None() {
		return ""
	}
	return normal
}

func (e *Editor) checkName() Problem {
	name := strings.TrimSpace(e.text[Name])
	taken := func(t till.TerminalState) bool {
		return t.Terminal.ID != e.terminal.ID && strings.EqualFold(t.Terminal.Name, name)
	}
	switch {
	case name == "":
		return Problem{Missing: e.strict}
	case slices.ContainsFunc(e.model.terminals, taken):
		return Problem{Code: payment.CodeNameTaken}
	}
	return Problem{}
}

func (e *Editor) checkAddress() (normal string, p Problem) {
	text := e.text[Address]
	if normal, ok := e.check(text); ok {
		return normal, Problem{}
	}
	if strings.TrimSpace(text) == "" {
		return "", Problem{Missing: e.strict}
	}
	return "", Problem{Code: payment.CodeBadAddress}
}

// check returns the normal form of an address of this protocol. For nothing at all it is the provider's own address,
// where there is one.
func (e *Editor) check(text string) (normal string, ok bool) {
	p, normal, err := e.model.deps.Till.CheckAddress(e.full(text))
	return normal, err == nil && p.Name == e.protocol.Name
}

// full puts the protocol before an address that was typed without, or copied from a browser.
func (e *Editor) full(text string) string {
	text = strings.TrimSpace(text)
	scheme, rest, found := strings.Cut(text, "://")
	switch strings.ToLower(scheme) {
	case "http", "https":
		if found {
			return e.protocol.Name + "+" + strings.ToLower(scheme) + "://" + rest
		}
	}
	if found {
		return text
	}
	return e.protocol.Name + "://" + text
}

// Example is what an address of this protocol looks like. Optional: it is the provider's own, taken when none is typed.
func (e *Editor) Example() (text string, optional bool) {
	if normal, ok := e.check(""); ok {
		_, text, _ = strings.Cut(normal, "://")
		return text, true
	}
	const near = "192.168.1.40"
	if _, ok := e.check(near); ok {
		return near, false
	}
	return "", false
}

func (e *Editor) checkSetting(s payment.Setting) Problem {
	value := e.value(s)
	if s.Key == payment.SettingCurrency {
		if value == "" {
			return Problem{Missing: e.strict}
		}
		if _, err := payment.ParseCurrency(value); err != nil {
			return Problem{Code: payment.CodeBadCurrency}
		}
	}
	if value == "" || s.Check == nil {
		return Problem{}
	}
	if err := s.Check(value); err != nil {
		return Problem{Code: payment.CodeBadSetting, Why: err.Error()}
	}
	return Problem{}
}

func (e *Editor) checkSecret(s payment.Setting) Problem {
	value := e.secret(s)
	if value == "" || s.Check == nil {
		return Problem{}
	}
	err := s.Check(value)
	if err == nil {
		return Problem{}
	}
	p := Problem{Code: payment.CodeBadSetting, Why: err.Error()}
	if strings.Contains(p.Why, value) {
		p.Why = "" // what is hidden in the field is not shown below it
	}
	return p
}

// secret is what is typed for a secret, as it is stored. Copied keys end in spaces or line ends, and no provider gives
// out one that does.
func (e *Editor) secret(s payment.Setting) string {
	return strings.TrimSpace(e.text[SecretField(s.Key)])
}

// Fields are all fields, in the order of the form.
func (e *Editor) Fields() []Field {
	all := []Field{Name, Address}
	first, more := e.Settings()
	for _, s := range first {
		all = append(all, SettingField(s.Key))
	}
	for _, s := range e.protocol.Secrets {
		all = append(all, SecretField(s.Key))
	}
	for _, s := range more {
		all = append(all, SettingField(s.Key))
	}
	return all
}

func (e *Editor) firstProblem() (Field, bool) {
	for _, f := range e.Fields() {
		if !e.Problem(f).None() {
			return f, true
		}
	}
	return General, false
}

// fromProvider are the settings that nearly every shop has to enter, because they say who it is; the protocols use the
// words of their providers.
var fromProvider = []string{
	payment.SettingCurrency, "app_id", "merchant", "merchant_no", "store_no", "terminal_sn", "mch_id", "job_no",
}

// Settings are those of the protocol: first the ones to enter, then those with a good default.
func (e *Editor) Settings() (first, more []payment.Setting) {
	for _, s := range e.protocol.Settings {
		if slices.Contains(fromProvider, s.Key) {
			first = append(first, s)
		} else {
			more = append(more, s)
		}
	}
	// The provider's numbers before the currency, which is mostly right.
	slices.SortStableFunc(first, func(a, b payment.Setting) int {
		return place(a.Key) - place(b.Key)
	})
	return first, more
}

func place(key string) int {
	if key == payment.SettingCurrency {
		return 1
	}
	return 0
}

// Switch reports whether a setting is either of two words, and which they are.
func Switch(s payment.Setting) (on, off string, ok bool) {
	for _, words := range [][2]string{{"on", "off"}, {"true", "false"}} {
		if s.Default == words[0] || s.Default == words[1] {
			return words[0], words[1], s.Check == nil || s.Check(words[0]) == nil && s.Check(words[1]) == nil
		}
	}
	return "", "", false
}

// named returns the setting or secret that an error speaks of, to show it there. Its sentence begins with the key, as
// payment.Protocol.Check writes it, or has it somewhere.
func (e *Editor) named(err *payment.Error) Field {
	fields := map[string]Field{}
	for _, s := range e.protocol.Settings {
		fields[s.Key] = SettingField(s.Key)
	}
	for _, s := range e.protocol.Secrets {
		fields[s.Key] = SecretField(s.Key)
	}
	key, _, _ := strings.Cut(err.Text, ":")
	if f, ok := fields[key]; ok {
		return f
	}
	for word := range strings.FieldsFuncSeq(err.Text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.-", r)
	}) {
		if f, ok := fields[word]; ok {
			return f
		}
	}
	if err.Code == payment.CodeSecretMissing {
		for _, s := range e.protocol.Secrets {
			if e.secrets[s.Key] == SecretMissing && e.text[SecretField(s.Key)] == "" {
				return SecretField(s.Key)
			}
		}
	}
	return General
}
