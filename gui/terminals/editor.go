package terminals

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Field names a field of the form.
type Field string

// Fields that every protocol has. General is for problems of none of them.
const (
	General Field = ""
	Name    Field = "name"
	Address Field = "address"
)

// SettingField is the field of a setting.
func SettingField(key string) Field { return Field("setting " + key) }

// SecretField is the field of a secret.
func SecretField(key string) Field { return Field("secret " + key) }

// Problem is what is wrong with a field; the zero value is nothing.
type Problem struct {
	Code payment.Code
	// Missing: it has to be filled in.
	Missing bool
	// Why is what the protocol says about it, where it says more than the code.
	Why string
}

// None reports whether nothing is wrong.
func (p Problem) None() bool { return p == Problem{} }

// Secret is how things stand with a secret.
type Secret int

// The states of a secret. All but SecretMissing belong to terminals that are changed.
const (
	SecretMissing   Secret = iota // there is none; one may be typed
	SecretAsking                  // it is being looked up whether there is one
	SecretKept                    // there is one, and it stays
	SecretReplacing               // there is one, and another may be typed
	SecretWiping                  // there is one, and it goes with the next Save
	SecretLocked                  // nobody knows: the place cannot be read
)

// Editor is the form of one terminal without its looks: what is typed, what is wrong with it, and storing it. It
// belongs to the window's goroutine.
type Editor struct {
	// Changed is called when something changed that a person did not type.
	Changed func()

	model    *Model
	protocol payment.Protocol
	terminal payment.Terminal // what there was, without an id while adding
	text     map[Field]string
	secrets  map[string]Secret
	stored   map[string]Secret // how it stands with the secrets if nobody types anything
	place    string
	refused  map[Field]Problem // what the till said of what was typed
	strict   bool              // Save was tried: missing things are problems
	saving   bool
}

// Protocols returns what a new terminal may speak.
func (m *Model) Protocols() []payment.Protocol { return m.deps.Till.Protocols() }

// Add returns an empty form for a terminal of a protocol.
func (m *Model) Add(p payment.Protocol) *Editor {
	e := m.editor(p, payment.Terminal{Protocol: p.Name})
	e.askPlace()
	return e
}

// Speaks reports whether this program has a protocol; a terminal may be from one that had more.
func (m *Model) Speaks(protocol string) bool {
	return slices.ContainsFunc(m.Protocols(), func(p payment.Protocol) bool { return p.Name == protocol })
}

// Change returns the form of a terminal, false if it is gone or its protocol is not spoken here.
func (m *Model) Change(id string) (*Editor, bool) {
	i := slices.IndexFunc(m.terminals, func(t till.TerminalState) bool { return t.Terminal.ID == id })
	if i < 0 {
		return nil, false
	}
	t := m.terminals[i].Terminal
	all := m.Protocols()
	p := slices.IndexFunc(all, func(p payment.Protocol) bool { return p.Name == t.Protocol })
	if p < 0 {
		return nil, false
	}
	e := m.editor(all[p], t)
	e.text[Name], e.text[Address] = t.Name, t.Address
	for _, s := range e.protocol.Secrets {
		e.secrets[s.Key] = SecretAsking
		e.askSecret(s.Key)
	}
	e.askPlace()
	return e, true
}

func (m *Model) editor(p payment.Protocol, t payment.Terminal) *Editor {
	e := &Editor{
		Changed: func() {}, model: m, protocol: p, terminal: t,
		text: map[Field]string{}, secrets: map[string]Secret{}, stored: map[string]Secret{},
		refused: map[Field]Problem{},
	}
	for _, s := range p.Settings {
		e.text[SettingField(s.Key)] = t.Settings[s.Key]
		if s.Key == payment.SettingCurrency {
			// A currency is never left to be guessed.
			e.text[SettingField(s.Key)] = cmp.Or(t.Settings[s.Key], s.Default, string(payment.DefaultCurrency))
		}
	}
	return e
}

func (e *Editor) askSecret(key string) {
	e.ask(func(ctx context.Context) func() {
		has, err := e.model.deps.Till.HasSecret(ctx, e.terminal.ID, key)
		return func() {
			found := SecretMissing
			switch {
			case err != nil:
				found = SecretLocked
			case has:
				found = SecretKept
			}
			e.secrets[key], e.stored[key] = found, found
		}
	})
}

func (e *Editor) askPlace() {
	if len(e.protocol.Secrets) == 0 {
		return
	}
	e.ask(func(context.Context) func() {
		place := e.model.deps.Till.SecretsPlace()
		return func() { e.place = place }
	})
}

func (e *Editor) ask(work func(context.Context) func()) {
	e.model.background(func(ctx context.Context) func() {
		take := work(ctx)
		return func() {
			take()
			e.Changed()
		}
	}, e.Changed)
}

// Adding reports whether the terminal is a new one.
func (e *Editor) Adding() bool { return e.terminal.ID == "" }

// Terminal is the terminal as it is stored.
func (e *Editor) Terminal() payment.Terminal { return e.terminal }

// Protocol is what the terminal speaks.
func (e *Editor) Protocol() payment.Protocol { return e.protocol }

// Place says where secrets are kept, "" until it is known.
func (e *Editor) Place() string { return e.place }

// Text is what is typed into a field.
func (e *Editor) Text(f Field) string { return e.text[f] }

// Type takes what is typed into a field.
func (e *Editor) Type(f Field, text string) {
	e.text[f] = text
	delete(e.refused, f)
	delete(e.refused, General)
}

// Secret returns how things stand with a secret.
func (e *Editor) Secret(key string) Secret { return e.secrets[key] }

// Replace lets a person type another secret in place of the one there is.
func (e *Editor) Replace(key string) { e.turn(key, SecretReplacing) }

// Wipe forgets a secret with the next Save.
func (e *Editor) Wipe(key string) { e.turn(key, SecretWiping) }

// Keep takes Replace or Wipe back.
func (e *Editor) Keep(key string) { e.turn(key, e.stored[key]) }

func (e *Editor) turn(key string, s Secret) {
	e.secrets[key] = s
	e.Type(SecretField(key), "")
	e.Changed()
}

// Save stores what was typed and tells whether it could; else first is the first field with a problem.
func (e *Editor) Save(then func(saved bool, first Field)) {
	if e.saving {
		return
	}
	e.strict = true
	clear(e.refused) // whatever was in the way may be gone
	if first, wrong := e.firstProblem(); wrong {
		then(false, first)
		return
	}
	e.saving = true
	e.model.background(func(ctx context.Context) func() {
		s, err := e.store(ctx)
		return func() { e.saved(s, err, then) }
	}, func() {
		e.saved(till.TerminalState{}, payment.Errorf(payment.CodeInternal, "the program failed"), then)
	})
}

// Saving reports whether what was typed is being stored.
func (e *Editor) Saving() bool { return e.saving }

func (e *Editor) saved(s till.TerminalState, err error, then func(bool, Field)) {
	e.saving = false
	if err != nil {
		f, problem := e.problemOf(err)
		e.refused[f] = problem
		then(false, f)
		return
	}
	e.model.put(s)
	e.model.Changed()
	then(true, General)
}

func (e *Editor) store(ctx context.Context) (till.TerminalState, error) {
	name := strings.TrimSpace(e.text[Name])
	if e.Adding() {
		return e.model.deps.Till.AddTerminal(ctx, till.NewTerminal{
			Name: name, Address: e.full(e.text[Address]), Settings: e.settings(), Secrets: e.typedSecrets(),
		})
	}
	return e.model.deps.Till.ChangeTerminal(ctx, e.terminal.ID, till.TerminalChange{
		Name: name, Address: e.full(e.text[Address]), Settings: e.settings(), Secrets: e.typedSecrets(),
	})
}

// settings are those to store. An empty field is one that is not set, unless it was set to nothing before.
func (e *Editor) settings() map[string]string {
	all := map[string]string{}
	for _, s := range e.protocol.Settings {
		value := e.value(s)
		if was, set := e.terminal.Settings[s.Key]; value != "" || set && was == "" {
			all[s.Key] = value
		}
	}
	return all
}

// value is what is typed for a setting, as it is stored.
func (e *Editor) value(s payment.Setting) string {
	text := strings.TrimSpace(e.text[SettingField(s.Key)])
	if s.Key == payment.SettingCurrency {
		return strings.ToUpper(text)
	}
	return text
}

// typedSecrets are those to store or to wipe; the others stay as they are.
func (e *Editor) typedSecrets() map[string]string {
	all := map[string]string{}
	for _, s := range e.protocol.Secrets {
		if text := e.secret(s); text != "" || e.secrets[s.Key] == SecretWiping {
			all[s.Key] = text
		}
	}
	return all
}

// problemOf says which field an error of the till is about.
func (e *Editor) problemOf(err error) (Field, Problem) {
	p := Problem{Code: payment.CodeOf(err)}
	var told *payment.Error
	if !errors.As(err, &told) {
		return General, p
	}
	switch told.Code {
	case payment.CodeBadName, payment.CodeNameTaken:
		return Name, p
	case payment.CodeBadAddress, payment.CodeAddressTaken:
		return Address, p
	case payment.CodeBadCurrency:
		return SettingField(payment.SettingCurrency), p
	case payment.CodeBadSetting, payment.CodeSecretMissing:
		f := e.named(told)
		_, p.Why, _ = strings.Cut(told.Text, ": ")
		p.Why = cmp.Or(p.Why, told.Text)
		return f, p
	default:
		return General, p
	}
}
