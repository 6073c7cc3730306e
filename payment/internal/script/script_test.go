package script_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment/internal/script"
)

type outcome struct {
	kind         string
	delay, reply time.Duration
}

type line struct {
	script.Members[string]
	Outcome string `json:"outcome"`
}

func (l *line) outcome() (outcome, error) {
	delay, reply := l.Delays()
	return outcome{l.Outcome, delay, reply}, script.Known("outcome", l.Outcome, []string{"approve", "decline"})
}

type plan = script.Script[outcome, string]

func read(s *plan, text string) error {
	return script.Read(strings.NewReader(text), s, []string{"", "pending", "none"}, (*line).outcome)
}

func TestLinesHappenInTheirOrder(t *testing.T) {
	var s plan
	s.Add(outcome{kind: "before"})
	if err := read(&s, `
# a comment
{"outcome":"decline"}
{"query":"pending","repeat":2}

  {"outcome":"approve","delay":"3s","reply_delay":"60","repeat":2}
{"query":""}`); err != nil {
		t.Fatal(err)
	}
	s.Add(outcome{kind: "after"})
	s.AddQueries("later")
	var orders []outcome
	for o, given := s.Next(); given; o, given = s.Next() {
		orders = append(orders, o)
	}
	slow := outcome{"approve", 3 * time.Second, time.Minute}
	if want := []outcome{{kind: "before"}, {kind: "decline"}, slow, slow, {kind: "after"}}; !slices.Equal(orders, want) {
		t.Errorf("orders %v, want %v", orders, want)
	}
	var queries []string
	for s.Len() > 0 {
		queries = append(queries, s.NextQuery())
	}
	if want := []string{"pending", "pending", "", "later"}; !slices.Equal(queries, want) {
		t.Errorf("queries %q, want %q", queries, want)
	}
	if o, given := s.Next(); given || s.NextQuery() != "" {
		t.Errorf("an empty script says %v", o)
	}
}

func TestClearForgets(t *testing.T) {
	var s plan
	s.Add(outcome{}, outcome{})
	s.AddQueries("none")
	if s.Len() != 3 {
		t.Errorf("%d are left, want 3", s.Len())
	}
	if s.Clear(); s.Len() != 0 {
		t.Errorf("%d are left", s.Len())
	}
}

func TestAWrongLineIsNamedAndNothingIsTaken(t *testing.T) {
	for bad, why := range map[string]string{
		`{"outcome":"dance"}`:                     `outcome "dance" is none of approve, decline`,
		`{"query":"maybe"}`:                       `query "maybe" is none of pending, none`,
		`{"outcome":"approve","colour":"red"}`:    `unknown field "colour"`,
		`{"outcome":"approve","delay":"soon"}`:    `"soon" is not a time span such as 3s`,
		`{"outcome":"approve","delay":3}`:         "cannot unmarshal number",
		`{"outcome":"approve","repeat":10001}`:    "repeat 10001 is more than 10000",
		`{"outcome":"approve"} {}`:                "more than one object",
		`{"outcome":"approve"}}`:                  "more than one object",
		`[]`:                                      "cannot unmarshal array",
		`{`:                                       "unexpected EOF",
		`{"query":"` + strings.Repeat("x", 1<<17): "token too long",
	} {
		var s plan
		err := read(&s, "{\"query\":\"none\"}\n{\"outcome\":\"approve\"}\n"+bad)
		if err == nil || !strings.Contains(err.Error(), why) || s.Len() > 0 {
			t.Errorf("%.40s: %v, and %d lines are taken; want %s", bad, err, s.Len(), why)
		} else if !strings.HasPrefix(err.Error(), "script: line 3: ") && !strings.Contains(why, "token") {
			t.Errorf("%v does not name line 3", err)
		}
	}
}

func TestSpans(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "3s": 3 * time.Second, "250ms": 250 * time.Millisecond, "7": 7 * time.Second, " 7 ": 7 * time.Second,
		"1m30s": 90 * time.Second, "999999999": 999_999_999 * time.Second,
	} {
		if got, err := script.ParseSpan(text); got != want || err != nil {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"-1", "-3s", "soon", "3 s", "1000000000", "99999999999999999999", "1.5"} {
		if got, err := script.ParseSpan(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// FuzzRead: a script is taken or refused as a whole.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"outcome":"decline"}`, "{\"query\":\"pending\"}\n{\"outcome\":\"approve\",\"repeat\":3}", `# nothing`, `{"delay":"1s"}`, `null`, `{} {}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s plan
		if err := read(&s, text); err != nil && s.Len() > 0 {
			t.Errorf("%q is refused (%v), and %d lines of it are taken", text, err, s.Len())
		}
	})
}
