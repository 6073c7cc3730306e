package message_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"tillkeeper/assets"
	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// plurals are the forms each language must have, by CLDR.
var plurals = map[string][]string{
	"en": {"one", "other"},
	"cs": {"few", "many", "one", "other"},
}

// ids reads the constants of ids.go, so that no list has to be kept by hand.
func ids(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "ids.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			id, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, id)
		}
		return true
	})
	for _, code := range payment.Codes() {
		for _, part := range []string{"title", "sentence", "next"} {
			all = append(all, "code."+string(code)+"."+part)
		}
	}
	return all
}

func load(t *testing.T, code string) map[string]any {
	t.Helper()
	files, err := assets.Translations()
	if err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(files, code+".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]any{}
	if err := json.Unmarshal(b, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestEveryTextIsThereInEveryLanguage(t *testing.T) {
	want := ids(t)
	for code := range plurals {
		texts := load(t, code)
		for _, id := range want {
			if _, ok := texts[id]; !ok {
				t.Errorf("%s: %q is missing", code, id)
			}
		}
		for id := range texts {
			if !slices.Contains(want, id) {
				t.Errorf("%s: nobody uses %q", code, id)
			}
		}
	}
}

func TestPluralsHaveTheFormsOfTheirLanguage(t *testing.T) {
	for code, forms := range plurals {
		for id, text := range load(t, code) {
			if p, ok := text.(map[string]any); ok {
				if got := slices.Sorted(maps.Keys(p)); !slices.Equal(got, forms) {
					t.Errorf("%s: %q has the forms %v, want %v", code, id, got, forms)
				}
			}
		}
	}
}

var gap = regexp.MustCompile(`{{\.(\w+)}}`)

func gapsOf(text any) []string {
	found := map[string]bool{}
	switch text := text.(type) {
	case string:
		for _, m := range gap.FindAllStringSubmatch(text, -1) {
			found[m[1]] = true
		}
	case map[string]any:
		for _, form := range text {
			for _, g := range gapsOf(form) {
				found[g] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

func TestTranslationsHaveTheGapsOfTheOriginal(t *testing.T) {
	original := load(t, message.English)
	for code := range plurals {
		for id, text := range load(t, code) {
			if got, want := gapsOf(text), gapsOf(original[id]); !slices.Equal(got, want) {
				t.Errorf("%s: %q has the gaps %v, want %v", code, id, got, want)
			}
			if s, ok := text.(string); ok && strings.TrimSpace(s) == "" {
				t.Errorf("%s: %q is empty", code, id)
			}
		}
	}
}

func TestEveryFileIsALanguageUnderTest(t *testing.T) {
	c := catalogue(t, "en")
	for _, l := range c.Languages() {
		if _, ok := plurals[l.Code]; !ok || language.Make(l.Code) == language.Und {
			t.Errorf("language %q (%s) is not tested", l.Code, l.Name)
		}
	}
}

func catalogue(t *testing.T, code string) *message.Catalogue {
	t.Helper()
	c, err := message.New(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheLanguageSwitchesWhileRunning(t *testing.T) {
	c := catalogue(t, "en")
	if got := c.Text(message.ActionVoid); got != "Void" {
		t.Errorf("English says %q", got)
	}
	c.SetLanguage("cs")
	if got := c.Text(message.ActionVoid); got != "Storno" {
		t.Errorf("Czech says %q", got)
	}
	c.SetLanguage("tlh")
	if c.Language() != message.English {
		t.Errorf("a language nobody translated became %q, want English", c.Language())
	}
}

func TestCounts(t *testing.T) {
	rows := []struct {
		code string
		n    int
		want string
	}{
		{"en", 1, "1 open case"}, {"en", 3, "3 open cases"},
		{"cs", 1, "1 otevřený případ"}, {"cs", 3, "3 otevřené případy"}, {"cs", 5, "5 otevřených případů"},
	}
	for _, r := range rows {
		if got := catalogue(t, r.code).Count(message.CasesBadge, r.n); got != r.want {
			t.Errorf("%s: %d is %q, want %q", r.code, r.n, got, r.want)
		}
	}
}

func TestAmountsAreWrittenAsTheLanguageDoes(t *testing.T) {
	rows := []struct {
		code  string
		minor int64
		in    payment.Currency
		want  string
	}{
		{"en", 1250, "USD", "$12.50"},
		{"en", 123456, "EUR", "€1,234.56"},
		{"en", 500, "JPY", "¥500"},
		{"en", 12345, "KWD", "KWD\u00a012.345"},
		{"cs", 1250, "CZK", "12,50\u00a0Kč"},
		{"cs", 123456, "EUR", "1\u00a0234,56\u00a0€"},
	}
	for _, r := range rows {
		if got := catalogue(t, r.code).Amount(payment.FromMinor(r.minor, r.in)); got != r.want {
			t.Errorf("%s: %d %s is %q, want %q", r.code, r.minor, r.in, got, r.want)
		}
	}
	if got := catalogue(t, "en").Amount(payment.Amount{}); got != "" {
		t.Errorf("an amount nobody said is %q", got)
	}
	if en, cs := catalogue(t, "en").Point(), catalogue(t, "cs").Point(); en != "." || cs != "," {
		t.Errorf("decimal marks are %q and %q", en, cs)
	}
}

func TestAgesAndTimes(t *testing.T) {
	c := catalogue(t, "en")
	rows := map[time.Duration]string{
		2 * time.Second: "just now", 42 * time.Second: "42 s ago", 10 * time.Minute: "10 min ago",
		5 * time.Hour: "5 h ago", 72 * time.Hour: "3 days ago",
	}
	for d, want := range rows {
		if got := c.Age(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
	now := time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)
	if got := c.When(now.Add(-time.Hour), now); got != "13:05" {
		t.Errorf("an hour ago is %q", got)
	}
	if got := c.When(now.AddDate(0, 0, -1), now); got != "8 Mar, 14:05" {
		t.Errorf("yesterday is %q", got)
	}
	if got := message.Elapsed(62 * time.Second); got != "1:02" {
		t.Errorf("62 s are %q", got)
	}
}

func TestEveryCodeSaysWhatHappenedAndWhatToDo(t *testing.T) {
	for _, l := range []string{"en", "cs"} {
		c := catalogue(t, l)
		internal := c.Code(payment.CodeInternal)
		for _, code := range payment.Codes() {
			w := c.Code(code)
			if w.Title == "" || w.Sentence == "" || w.Next == "" || code != payment.CodeInternal && w == internal {
				t.Errorf("%s: %q says %+v", l, code, w)
			}
			if code.Class() == payment.InDoubt && strings.Contains(w.Next, "ry again") {
				t.Errorf("%s: %q tells staff to try again", l, code)
			}
		}
		if got := c.Code("no-such-code"); got != internal {
			t.Errorf("an unknown code says %+v", got)
		}
	}
}
