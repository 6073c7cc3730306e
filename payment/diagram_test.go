package payment_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tillkeeper/payment"
)

// groups are drawn as one state each, so that the picture stays readable.
var groups = []struct {
	name     string
	statuses []payment.Status
}{
	{"UnderWay", []payment.Status{payment.StatusCreated, payment.StatusSent, payment.StatusWaiting, payment.StatusProcessing}},
	{"NothingCharged", []payment.Status{payment.StatusDeclined, payment.StatusCancelled, payment.StatusExpired, payment.StatusNotSent}},
	{"Decided", []payment.Status{payment.StatusDecidedPaid, payment.StatusDecidedNotPaid}},
}

// TestDiagram holds the README's diagram to the table of steps. Run it with
// TILLKEEPER_DIAGRAM=update to write the diagram anew.
func TestDiagram(t *testing.T) {
	const begin, end = "```mermaid\n", "```\n"
	raw, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), begin)
	have, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the README has no diagram")
	}
	want := diagram()
	if have == want {
		return
	}
	if os.Getenv("TILLKEEPER_DIAGRAM") != "update" {
		t.Fatal("the README's diagram is not what the table of steps says; run this test with TILLKEEPER_DIAGRAM=update")
	}
	if err := os.WriteFile("../README.md", []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> created\n")
	for _, g := range groups {
		fmt.Fprintf(&b, "    state %s {\n", g.name)
		for _, s := range g.statuses {
			fmt.Fprintf(&b, "        %s\n", id(s))
		}
		b.WriteString("    }\n")
	}
	labels := map[string][]string{}
	var arrows []string
	for _, step := range payment.Steps() {
		for _, from := range sources(step.From) {
			arrow := from + " --> " + id(step.To)
			if labels[arrow] == nil {
				arrows = append(arrows, arrow)
			}
			labels[arrow] = append(labels[arrow], string(step.On))
		}
	}
	for _, arrow := range arrows {
		fmt.Fprintf(&b, "    %s: %s\n", arrow, strings.Join(labels[arrow], ", "))
	}
	return b.String()
}

// sources replaces every whole group among the statuses by its name.
func sources(from []payment.Status) (names []string) {
	rest := slices.Clone(from)
	for _, g := range groups {
		whole := !slices.ContainsFunc(g.statuses, func(s payment.Status) bool { return !slices.Contains(from, s) })
		if !whole {
			continue
		}
		names = append(names, g.name)
		rest = slices.DeleteFunc(rest, func(s payment.Status) bool { return slices.Contains(g.statuses, s) })
	}
	for _, s := range rest {
		names = append(names, id(s))
	}
	return names
}

// id makes a status a name that the diagram language takes.
func id(s payment.Status) string { return strings.ReplaceAll(string(s), "-", "_") }
