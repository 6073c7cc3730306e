package drivertest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tillkeeper/payment/drivertest"
)

// TestEveryDriverHasAConformanceRun lists the drivers by their files and fails
// for one that does not run the suite, in fake time and over sockets.
func TestEveryDriverHasAConformanceRun(t *testing.T) {
	drivers, err := filepath.Glob("../*/driver.go")
	if err != nil {
		t.Fatal(err)
	}
	if len(drivers) == 0 {
		t.Fatal("there are no drivers; the test looks in the wrong place")
	}
	for _, file := range drivers {
		folder := filepath.Dir(file)
		called := callsOf(t, filepath.Join(folder, "conformance_test.go"))
		for _, run := range []string{"Run", "RunSockets"} {
			if !called[run] {
				t.Errorf("payment/%s has no conformance_test.go that calls drivertest.%s", filepath.Base(folder), run)
			}
		}
	}
}

// callsOf returns which functions of drivertest a file calls in its tests; none
// if there is no such file.
func callsOf(t *testing.T, name string) map[string]bool {
	t.Helper()
	called := map[string]bool{}
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if os.IsNotExist(err) {
		return called
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		test, ok := d.(*ast.FuncDecl)
		if !ok || !strings.HasPrefix(test.Name.Name, "Test") {
			continue
		}
		ast.Inspect(test, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && x.Name == "drivertest" {
					called[s.Sel.Name] = true
				}
			}
			return true
		})
	}
	return called
}

// TestTable prints the reports that the drivers' runs have left together, where there
// is a folder of them, and checks the form of the table.
func TestTable(t *testing.T) {
	var text strings.Builder
	err := drivertest.Table(&text,
		drivertest.Report{Driver: "a", Rows: []drivertest.Row{
			{Scenario: "it pays", Moments: 1}, {Scenario: "it is cut", Moments: 7}, {Scenario: "it tips", NotApplicable: "no tips"},
		}},
		drivertest.Report{Driver: "b", Sockets: true, Rows: []drivertest.Row{{Scenario: "it pays", Moments: 1, Failures: []string{"no"}}}},
	)
	const want = `| Scenario | a | b (sockets) |
| --- | --- | --- |
| it pays | passes | FAILS |
| it is cut | passes (7 moments) | not run |
| it tips | n/a: no tips | not run |

a: 3 scenarios in 8 runs: 2 pass, 0 fail, 1 not applicable.
b: 1 scenario in 1 run: 0 pass, 1 fails, 0 not applicable.
`
	if err != nil || text.String() != want {
		t.Errorf("%v, got:\n%s\nwant:\n%s", err, text.String(), want)
	}
	folder := os.Getenv(drivertest.Folder)
	if folder == "" {
		return
	}
	reports, err := drivertest.ReadReports(folder)
	if err != nil || len(reports) == 0 {
		t.Fatalf("no reports in the folder: %v", err)
	}
	if err := drivertest.Table(os.Stdout, reports...); err != nil {
		t.Error(err)
	}
}
