package terminals_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"tillkeeper/gui/terminals"
	"tillkeeper/payment"
)

var (
	setting = terminals.SettingField
	hidden  = terminals.SecretField
)

// saving tells how Save ended.
func saving(e *terminals.Editor) (saved bool, first terminals.Field) {
	e.Save(func(ok bool, f terminals.Field) { saved, first = ok, f })
	return saved, first
}

func TestAnEmptyFormAsksForWhatIsNeededOnlyAtSave(t *testing.T) {
	m, f := newModel()
	e := m.Add(lan)
	for _, field := range e.Fields() {
		if p := e.Problem(field); !p.None() {
			t.Errorf("%q has the problem %+v before anything is typed", field, p)
		}
	}
	if saved, first := saving(e); saved || first != terminals.Name || len(f.added) != 0 {
		t.Errorf("an empty form: saved %v, first problem at %q", saved, first)
	}
	if !e.Problem(terminals.Name).Missing || !e.Problem(terminals.Address).Missing {
		t.Error("missing name and address are not told")
	}
	e.Type(terminals.Name, " Bar ")
	if saved, first := saving(e); saved || first != terminals.Address {
		t.Errorf("without an address: saved %v, first problem at %q", saved, first)
	}
}

func TestEveryFieldIsCheckedAsItIsTyped(t *testing.T) {
	m, _ := newModel()
	for _, c := range []struct {
		protocol payment.Protocol
		field    terminals.Field
		text     string
		want     terminals.Problem
	}{
		{lan, terminals.Name, "terrace", terminals.Problem{Code: payment.CodeNameTaken}},
		{lan, terminals.Address, "a b", terminals.Problem{Code: payment.CodeBadAddress}},
		{lan, terminals.Address, "cloud://open.example.com", terminals.Problem{Code: payment.CodeBadAddress}},
		{lan, terminals.Address, "192.0.2.50", terminals.Problem{}},
		{cloud, terminals.Address, "https://open.example.com", terminals.Problem{}},
		{lan, setting("currency"), "XXZ", terminals.Problem{Code: payment.CodeBadCurrency}},
		{lan, setting("currency"), " czk ", terminals.Problem{}},
		{lan, setting("expires"), "soon", terminals.Problem{Code: payment.CodeBadSetting, Why: `"soon" is not a whole number from 10 to 3600`}},
		{lan, setting("expires"), "", terminals.Problem{}},
		{lan, setting("app_id"), "anything", terminals.Problem{}},
		{cloud, hidden("private_key"), "MIIE", terminals.Problem{}},
		{cloud, hidden("platform_key"), "hush", terminals.Problem{Code: payment.CodeBadSetting}}, // and does not quote it
	} {
		e := m.Add(c.protocol)
		e.Type(c.field, c.text)
		if got := e.Problem(c.field); got != c.want {
			t.Errorf("%s %q: %+v, want %+v", c.field, c.text, got, c.want)
		}
	}
}

func TestTheAddressOfAProtocol(t *testing.T) {
	m, _ := newModel()
	e := m.Add(cloud)
	if text, optional := e.Example(); text != "open.example.com" || !optional {
		t.Errorf("example %q, optional %v", text, optional)
	}
	if text, optional := m.Add(lan).Example(); text != "192.168.1.40" || optional {
		t.Errorf("example %q, optional %v", text, optional)
	}
	for typed, want := range map[string]string{
		"": "cloud://", "x.example.com": "cloud://x.example.com", "https://x.example.com": "cloud+https://x.example.com",
		"cloud://x.example.com": "cloud://x.example.com", "HTTP://127.0.0.1": "cloud+http://127.0.0.1",
	} {
		m, f := newModel()
		e := m.Add(cloud)
		e.Type(terminals.Name, "Bar")
		e.Type(terminals.Address, typed)
		if saved, first := saving(e); !saved {
			t.Errorf("%q is refused at %q", typed, first)
		}
		if got := f.added[0].Address; got != want {
			t.Errorf("%q is stored as %q, want %q", typed, got, want)
		}
	}
}

func TestAddingStoresWhatWasTypedAndNoMore(t *testing.T) {
	m, f := newModel()
	e := m.Add(cloud)
	for field, text := range map[terminals.Field]string{
		terminals.Name: " Bar ", setting("currency"): "czk", setting("merchant_no"): " 302100 ", setting("confirm_on_terminal"): "true",
		setting("poll_every"): "  ", hidden("private_key"): " MIIEvQ\n",
	} {
		e.Type(field, text)
	}
	if saved, first := saving(e); !saved {
		t.Fatalf("refused at %q: %+v", first, e.Problem(first))
	}
	n := f.added[0]
	settings := map[string]string{"currency": "CZK", "merchant_no": "302100", "confirm_on_terminal": "true"}
	if n.Name != "Bar" || !maps.Equal(n.Settings, settings) || !maps.Equal(n.Secrets, map[string]string{"private_key": "MIIEvQ"}) {
		t.Errorf("stored %+v", n)
	}
	if len(m.Terminals()) != 4 {
		t.Error("the new terminal is not listed")
	}
}

func TestChangingKeepsWhatWasNotTouched(t *testing.T) {
	m, f := newModel()
	e, ok := m.Change("t3")
	if !ok || e.Text(terminals.Name) != "Terrace 2" || e.Text(terminals.Address) != "cloud://open.example.com" {
		t.Fatalf("form of t3: %v", ok)
	}
	e.Type(terminals.Name, "TERRACE 2") // its own name is not taken
	e.Type(setting("refund"), "")
	e.Type(setting("terminal_sn"), "P5")
	if saved, first := saving(e); !saved {
		t.Fatalf("refused at %q: %+v", first, e.Problem(first))
	}
	c := f.changed["t3"]
	// api_version was set to nothing, which is not the same as not set.
	settings := map[string]string{"currency": "USD", "merchant_no": "302100085224", "terminal_sn": "P5", "api_version": ""}
	if c.Name != "TERRACE 2" || c.Address != "cloud://open.example.com" || !maps.Equal(c.Settings, settings) || len(c.Secrets) != 0 {
		t.Errorf("changed to %+v", c)
	}
	if m.Terminals()[2].Terminal.Name != "TERRACE 2" {
		t.Error("the list has the old name")
	}
	if _, ok := m.Change("gone"); ok {
		t.Error("a terminal that is gone can be changed")
	}
}

func TestASecretIsKeptReplacedOrWiped(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(e *terminals.Editor)
		want map[string]string
	}{
		{"kept", func(*terminals.Editor) {}, map[string]string{}},
		{"replaced", func(e *terminals.Editor) {
			e.Replace("private_key")
			e.Type(hidden("private_key"), "new")
		}, map[string]string{"private_key": "new"}},
		{"wiped", func(e *terminals.Editor) { e.Wipe("private_key") }, map[string]string{"private_key": ""}},
		{"replaced by nothing", func(e *terminals.Editor) { e.Replace("private_key") }, map[string]string{}},
		{"kept after all", func(e *terminals.Editor) {
			e.Wipe("platform_key")
			e.Keep("platform_key")
			e.Replace("private_key")
			e.Type(hidden("private_key"), "new")
			e.Keep("private_key")
		}, map[string]string{}},
	} {
		m, f := newModel()
		e, _ := m.Change("t3")
		if e.Secret("private_key") != terminals.SecretKept {
			t.Errorf("%s: the secret is %v", c.name, e.Secret("private_key"))
		}
		c.play(e)
		if saved, _ := saving(e); !saved || !maps.Equal(f.changed["t3"].Secrets, c.want) {
			t.Errorf("%s: sent %v, want %v", c.name, f.changed["t3"].Secrets, c.want)
		}
	}
}

func TestASecretThatCannotBeLookedUp(t *testing.T) {
	m, f := newModel()
	f.locked = payment.Errorf(payment.CodeSecretsLocked, "locked")
	e, _ := m.Change("t3")
	if e.Secret("private_key") != terminals.SecretLocked {
		t.Errorf("the secret is %v", e.Secret("private_key"))
	}
	e.Replace("private_key")
	e.Keep("private_key")
	if e.Secret("private_key") != terminals.SecretLocked {
		t.Error("taking Replace back makes a secret out of nothing")
	}
	if saved, _ := saving(e); !saved || len(f.changed["t3"].Secrets) != 0 {
		t.Errorf("other fields cannot be changed meanwhile: %v", f.changed)
	}
}

func TestWhatTheTillRefusesIsToldAtItsField(t *testing.T) {
	for _, c := range []struct {
		err   *payment.Error
		field terminals.Field
		why   string
	}{
		{payment.Errorf(payment.CodeNameTaken, "taken"), terminals.Name, ""},
		{payment.Errorf(payment.CodeAddressTaken, "taken"), terminals.Address, ""},
		{payment.Errorf(payment.CodeBadCurrency, "no"), setting("currency"), ""},
		{payment.Errorf(payment.CodeBadSetting, "merchant_no: the provider's value is missing; set it"), setting("merchant_no"), "the provider's value is missing; set it"},
		{payment.Errorf(payment.CodeBadSetting, "the key in platform_key is that of private_key"), hidden("platform_key"), "the key in platform_key is that of private_key"},
		{payment.Errorf(payment.CodeSecretMissing, "a key is missing"), hidden("private_key"), "a key is missing"},
		{payment.Errorf(payment.CodeSecretsLocked, "locked"), terminals.General, ""},
		{payment.NotSent(payment.CodeBusy, "busy"), terminals.General, ""},
	} {
		m, f := newModel()
		e := m.Add(cloud)
		e.Type(terminals.Name, "Bar")
		f.err = c.err
		saved, first := saving(e)
		if p := e.Problem(first); saved || first != c.field || p.Code != c.err.Code || p.Why != c.why {
			t.Errorf("%s: saved %v, at %q: %+v", c.err.Text, saved, first, p)
		}
		// What was refused is not refused any more once something else is typed.
		e.Type(c.field, "x")
		f.err = nil
		if p := e.Problem(c.field); p.Code == c.err.Code && c.err.Code != payment.CodeBadSetting && c.err.Code != payment.CodeBadCurrency {
			t.Errorf("%s: still refused: %+v", c.err.Text, p)
		}
	}
}

func TestSettingsToEnterStandFirst(t *testing.T) {
	m, _ := newModel()
	keys := func(all []payment.Setting) string {
		var keys []string
		for _, s := range all {
			keys = append(keys, s.Key)
		}
		return strings.Join(keys, " ")
	}
	first, more := m.Add(cloud).Settings()
	if keys(first) != "merchant_no terminal_sn currency" || keys(more) != "refund confirm_on_terminal poll_every api_version" {
		t.Errorf("first %s, then %s", keys(first), keys(more))
	}
	var switches []string
	for _, s := range slices.Concat(first, more) {
		if on, off, ok := terminals.Switch(s); ok {
			switches = append(switches, s.Key+" "+on+"/"+off)
		}
	}
	if want := []string{"refund on/off", "confirm_on_terminal true/false"}; !slices.Equal(switches, want) {
		t.Errorf("switches %v, want %v", switches, want)
	}
}

func TestSaveOnlyOnce(t *testing.T) {
	s := newScreen(t)
	e := s.Add(lan)
	e.Type(terminals.Name, "Bar")
	e.Type(terminals.Address, "192.0.2.9")
	times := 0
	for range 3 {
		e.Save(func(bool, terminals.Field) { times++ })
	}
	s.finishWork()
	if len(s.till.added) != 1 || times != 1 {
		t.Errorf("stored %d times, told %d times", len(s.till.added), times)
	}
}
