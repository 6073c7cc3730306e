package drivertest

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Report is what one run of the suite found.
type Report struct {
	Driver string
	// Sockets: it ran over real sockets.
	Sockets bool
	Rows    []Row
}

// Row is what became of one scenario.
type Row struct {
	Scenario string
	// NotApplicable says why the protocol cannot have such a case, "" if it can.
	NotApplicable string
	// Moments is how many times it ran, each with the fault at another moment.
	Moments  int
	Failures []string
}

const notRun = "not run"

// verdict is the row in a word.
func (r Row) verdict() string {
	switch {
	case len(r.Failures) > 0:
		return "FAILS"
	case r.NotApplicable != "":
		return "n/a: " + r.NotApplicable
	case r.Moments == 0:
		return notRun // a filter of the test run left it out
	case r.Moments > 1:
		return fmt.Sprintf("passes (%d moments)", r.Moments)
	}
	return "passes"
}

// Table writes scenario × driver as a table of a README.
func Table(w io.Writer, reports ...Report) error {
	var scenarios []string
	head, line := "| Scenario |", "| --- |"
	for _, report := range reports {
		name := report.Driver
		if report.Sockets {
			name += " (sockets)"
		}
		head, line = head+" "+name+" |", line+" --- |"
		for _, row := range report.Rows {
			if !slices.Contains(scenarios, row.Scenario) {
				scenarios = append(scenarios, row.Scenario)
			}
		}
	}
	lines := []string{head, line}
	for _, s := range scenarios {
		text := "| " + s + " |"
		for _, report := range reports {
			text += " " + report.of(s) + " |"
		}
		lines = append(lines, text)
	}
	lines = append(lines, "")
	for _, report := range reports {
		lines = append(lines, report.sum())
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

func (r Report) of(scenario string) string {
	for _, row := range r.Rows {
		if row.Scenario == scenario {
			return row.verdict()
		}
	}
	return notRun
}

// sum counts the rows, so that no reader has to.
func (r Report) sum() string {
	passed, lacking, failed, moments := 0, 0, 0, 0
	for _, row := range r.Rows {
		moments += row.Moments
		switch {
		case len(row.Failures) > 0:
			failed++
		case row.NotApplicable != "":
			lacking++
		case row.Moments > 0:
			passed++
		}
	}
	return fmt.Sprintf("%s: %s in %s: %d pass, %s, %d not applicable.", r.Driver,
		count(len(r.Rows), "scenario", "scenarios"), count(moments, "run", "runs"), passed, count(failed, "fails", "fail"), lacking)
}

func count(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Folder names the environment variable with a folder in which each run
// leaves its report, so that ReadReports can bring the drivers together.
const Folder = "TILLKEEPER_CONFORMANCE"

func (r Report) save() error {
	folder := os.Getenv(Folder)
	if folder == "" {
		return nil
	}
	name := strings.ReplaceAll(r.Driver, " ", "-")
	if r.Sockets {
		name += "-sockets"
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, name+".json"), text, 0o600)
}

// ReadReports reads the reports that runs have left in a folder, by name.
func ReadReports(folder string) ([]Report, error) {
	names, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return nil, err
	}
	var reports []Report
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var r Report
		if err := json.Unmarshal(text, &r); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		reports = append(reports, r)
	}
	return reports, nil
}
