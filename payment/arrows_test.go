package payment_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// arrow says what the packages below a folder may import of this module, and of the
// libraries that have one place. The first row that fits a package counts.
type arrow struct {
	from string // a path.Match pattern of the folder
	to   string // patterns, separated by spaces; "..." ends a prefix
	also string // what its tests may import beside that
}

// arrows is who may import whom. A driver may import its own simulator in tests
// only; self stands for the package's own folder.
var arrows = []arrow{
	{".", "...", ""},
	{"assets", "", ""},
	{"gui", "gui/... assets payment payment/till payment/dayend payment/receipt payment/staff discovery", "payment/journaltest"},
	{"gui/desktop", "gui payment/till", ""},
	{"gui/theme", "assets", "gui/internal/..."},
	{"gui/message", "assets payment", "gui/internal/..."},
	{"gui/internal/*", "gui/theme assets", ""},
	{"gui/widgets", "gui/theme gui/message assets", "gui/internal/..."},
	{"gui/*", "gui/widgets gui/message gui/theme gui/internal/... payment payment/till payment/dayend payment/receipt payment/staff discovery", "payment/journaltest assets"},
	{"cli", "payment payment/till payment/dayend payment/receipt payment/staff discovery", "payment/journaltest"},
	{"storage", "payment", "payment/journaltest"},
	{"storage/secrets", "payment", ""},
	{"discovery", "payment", ""},
	{"payment", "", ""},
	{"payment/till", "payment", "payment/journaltest"},
	{"payment/dayend", "payment", "payment/journaltest"},
	{"payment/receipt", "payment", ""},
	{"payment/staff", "payment", ""},
	{"payment/journaltest", "payment", ""},
	{"payment/drivertest", "payment payment/till payment/journaltest", ""},
	{"payment/drivertest/torture", "payment payment/till payment/journaltest payment/drivertest", ""},
	{"payment/internal/*", "payment payment/internal/...", "payment/ecrhub/ecrhubsim"},
	{"payment/*/*sim", "payment payment/internal/...", ""},
	{"payment/*", "payment payment/internal/...", "self/... payment/drivertest/... payment/till payment/journaltest"},
}

// homes are libraries and the only folders, or files, that may import them. The
// benchmarks of main_test.go measure against a bare database.
var homes = []struct{ library, folders string }{
	{"fyne.io/fyne/v2/app", "gui/desktop"},
	{"fyne.io/fyne/v2", "gui gui/..."},
	{"database/sql", "storage main_test.go"},
	{"modernc.org/sqlite", "storage"},
	{"github.com/pressly/goose", "storage"},
	{"github.com/spf13/cobra", "cli"},
	{"github.com/zalando/go-keyring", "storage/secrets"},
	{"filippo.io/age", "storage/secrets"},
	{"github.com/gorilla/websocket", "payment/... discovery"},
	{"github.com/shopspring/decimal", "payment payment/..."},
	{"github.com/grandcat/zeroconf", "discovery"},
}

// TestArrows fails at once on an import against the layering.
func TestArrows(t *testing.T) {
	imports := 0
	for file, imported := range allImports(t) {
		folder := path.Dir(file)
		for _, name := range imported {
			imports++
			if own, ok := strings.CutPrefix(name, "tillkeeper/"); ok {
				checkArrow(t, file, folder, own)
			}
			checkHome(t, file, folder, name)
		}
	}
	if imports < 100 {
		t.Fatalf("only %d imports were seen; the test looks in the wrong place", imports)
	}
}

func checkArrow(t *testing.T, file, folder, to string) {
	test := strings.HasSuffix(file, "_test.go")
	if to == folder && test {
		return
	}
	for _, a := range arrows {
		if ok, err := path.Match(a.from, folder); err != nil {
			t.Fatal(err)
		} else if !ok {
			continue
		}
		allowed := a.to
		if test {
			allowed += " " + strings.ReplaceAll(a.also, "self", folder)
		}
		if !fits(allowed, to) {
			t.Errorf("%s imports %s; %s may import only: %s", file, to, a.from, allowed)
		}
		return
	}
	t.Errorf("%s: the table of arrows has no row for %s", file, folder)
}

func checkHome(t *testing.T, file, folder, name string) {
	for _, h := range homes {
		if name != h.library && !strings.HasPrefix(name, h.library+"/") {
			continue
		}
		if !fits(h.folders, folder) && !fits(h.folders, file) {
			t.Errorf("%s imports %s, which belongs to: %s", file, name, h.folders)
		}
		return
	}
}

// fits reports whether name is one of the patterns.
func fits(patterns, name string) bool {
	for p := range strings.FieldsSeq(patterns) {
		if prefix, ok := strings.CutSuffix(p, "..."); ok && strings.HasPrefix(name+"/", prefix) || p == name {
			return true
		}
	}
	return false
}

// allImports returns what every Go file of the module imports, by its path relative
// to the module.
func allImports(t *testing.T) map[string][]string {
	const root = ".."
	all := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			rel := filepath.ToSlash(rel)
			all[rel] = append(all[rel], imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
