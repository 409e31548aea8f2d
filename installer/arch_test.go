package installer_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/empowersuite/backend-installer/"

// scripts stand above everything: they hold programs and tests that drive the
// finished program.
const scriptsFloor = 8

// homes names the packages that may import a third-party module. A module that
// is not here needs an ADR first.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/BurntSushi/toml":          {"document"},
		"github.com/coreos/go-systemd/v22":    {"document", "eventlog", "svc", "cmd/reference-backend"},
		"github.com/creack/pty":               {"prompt"},
		"github.com/godbus/dbus/v5":           {"svc"},
		"github.com/go-json-experiment/json":  {"document"},
		"github.com/google/jsonschema-go":     {"settings"},
		"github.com/joho/godotenv":            {"document"},
		"github.com/magiconair/properties":    {"document"},
		"github.com/manifoldco/promptui":      {"prompt"},
		"github.com/pelletier/go-toml/v2":     {"document"},
		"github.com/chzyer/readline":          {"prompt"},
		"github.com/rogpeppe/go-internal":     {"cli"},
		"github.com/spf13/cobra":              {"cli"},
		"github.com/spf13/pflag":              {"cli"},
		"github.com/spf13/viper":              {"settings"},
		"github.com/go-viper/mapstructure/v2": {"settings"},
		"github.com/tailscale/hujson":         {"document", "cmd/reference-backend"},
		"github.com/zalando/go-keyring":       {"keystore"},
		"go.yaml.in/yaml/v4":                  {"document"},
		"golang.org/x/oauth2":                 {"entra", "signin", "cmd/reference-backend"},
		"golang.org/x/sys":                    {"atomicfile", "cmd/daemon", "cmd/reference-backend", "eventlog", "host", "journal", "keystore", "proc", "prompt", "svc", "term", "scripts/tracer", "scripts/windowstest"},
		"golang.org/x/term":                   {"prompt", "term"},
		"golang.org/x/text":                   {"document", "settings"},
		"gopkg.in/ini.v1":                     {"document"},
		"gopkg.in/yaml.v3":                    {"yamltree"},
	}
}

type room struct {
	floor float64
	kind  string // "rule", "driver" or ""
}

// source is one Go file of the module.
type source struct {
	path    string // from the top of the repository, with slashes
	pkg     string // as the map calls it: "svc", "cmd/installer", "svc/svctest"
	test    bool
	lines   int
	syntax  *ast.File
	imports []string
	place   *token.FileSet
}

func TestEveryPackageIsOnTheMap(t *testing.T) {
	rooms := theMap(t)
	for _, s := range sources(t) {
		if _, ok := floorOf(rooms, s.pkg); !ok {
			t.Errorf("%s: package %q has no row in the table of installer/doc.go", s.path, s.pkg)
		}
	}
}

func TestImportsPointDown(t *testing.T) {
	rooms := theMap(t)
	for _, s := range sources(t) {
		for _, imported := range s.imports {
			if target, ours := inModule(imported); ours && target != s.pkg {
				checkImport(t, rooms, s, target)
			}
		}
	}
}

func checkImport(t *testing.T, rooms map[string]room, s source, target string) {
	t.Helper()
	from, _ := floorOf(rooms, s.pkg)
	to, _ := floorOf(rooms, target)
	switch {
	case isTestSupport(target):
		if !s.test && !isTestSupport(s.pkg) && s.pkg != "cmd/entra-emulator/emulator" && !strings.HasPrefix(s.pkg, "scripts/") {
			t.Errorf("%s imports %s, which is for tests", s.path, target)
		}
	case isTestSupport(s.pkg) && path.Dir(s.pkg) == target:
	case to.floor >= from.floor:
		t.Errorf("%s (floor %v) imports %s (floor %v)", s.path, from.floor, target, to.floor)
	}
}

func TestRulesTouchNothing(t *testing.T) {
	rooms := theMap(t)
	forbidden := []string{
		"os", "os/exec", "os/signal", "os/user", "net", "net/http", "context", "syscall",
		"log", "log/slog", "math/rand", "math/rand/v2", "crypto/rand",
	}
	for _, s := range sources(t) {
		if rooms[s.pkg].kind != "rule" || s.test {
			continue
		}
		for _, imported := range s.imports {
			if slices.Contains(forbidden, imported) {
				t.Errorf("%s: a rule imports %q", s.path, imported)
			}
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok && isClock(sel) {
				t.Errorf("%s: a rule reads the clock: time.%s", s.place.Position(sel.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

func TestDriversDoNotLog(t *testing.T) {
	rooms := theMap(t)
	for _, s := range sources(t) {
		if rooms[s.pkg].kind == "driver" && !s.test && (slices.Contains(s.imports, "log") || slices.Contains(s.imports, "log/slog")) {
			t.Errorf("%s: a driver logs", s.path)
		}
	}
}

func TestThirdPartyModulesStayAtHome(t *testing.T) {
	for _, s := range sources(t) {
		for _, imported := range s.imports {
			if _, ours := inModule(imported); ours || !strings.Contains(strings.Split(imported, "/")[0], ".") {
				continue
			}
			name, at := home(imported)
			switch {
			case name == "":
				t.Errorf("%s imports %s, which has no home in arch_test.go", s.path, imported)
			case !slices.ContainsFunc(at, func(pkg string) bool { return s.pkg == pkg || path.Dir(s.pkg) == pkg }):
				t.Errorf("%s imports %s, whose home is %v", s.path, imported, at)
			}
		}
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, s := range sources(t) {
		limit := 500
		if strings.HasPrefix(s.path, "cmd/") && path.Base(s.path) == "main.go" {
			limit = 20
		}
		if s.lines > limit {
			t.Errorf("%s has %d lines, at most %d", s.path, s.lines, limit)
		}
	}
}

func TestTheTopLevelIsClosed(t *testing.T) {
	allowed := []string{"cmd", "installer", "templates", "configs", "scripts", "go.mod", "go.sum", "Makefile", "README.md"}
	ignored, err := os.ReadFile("../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		generated := bytes.Contains(ignored, []byte("/"+e.Name()+"/\n"))
		if !strings.HasPrefix(e.Name(), ".") && !generated && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}

func theMap(t *testing.T) map[string]room {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	rooms := map[string]room{}
	row := regexp.MustCompile(`(?m)^//\t(\d(?:\.\d)?)( rule| driver|) +(\S+) +\S`)
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		floor, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		rooms[m[3]] = room{floor: floor, kind: strings.TrimSpace(m[2])}
	}
	if len(rooms) < 20 {
		t.Fatalf("the table in doc.go has %d rows; has its form changed?", len(rooms))
	}
	return rooms
}

// floorOf knows the packages of the map, their test support, and scripts.
func floorOf(rooms map[string]room, pkg string) (room, bool) {
	if r, ok := rooms[pkg]; ok {
		return r, true
	}
	if pkg == "." || strings.HasPrefix(pkg, "scripts/") {
		return room{floor: scriptsFloor}, true
	}
	if isTestSupport(pkg) {
		pkg = path.Dir(pkg)
	}
	r, ok := rooms[pkg]
	return r, ok
}

// isTestSupport tells "svc/svctest" from "svc".
func isTestSupport(pkg string) bool {
	return path.Base(pkg) == path.Base(path.Dir(pkg))+"test"
}

func inModule(imported string) (string, bool) {
	rest, ours := strings.CutPrefix(imported, module)
	return strings.TrimPrefix(rest, "installer/"), ours
}

func home(imported string) (string, []string) {
	for name, at := range homes() {
		if imported == name || strings.HasPrefix(imported, name+"/") {
			return name, at
		}
	}
	return "", nil
}

func isClock(sel *ast.SelectorExpr) bool {
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}, sel.Sel.Name)
}

// sources parses every Go file of this module; nested modules, test data and
// dot folders are not part of it.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(name, ".."), string(filepath.Separator)))
		if d.IsDir() {
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			if rel != "" && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || nested == nil) {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(name, ".go") {
			all = append(all, parse(t, name, rel))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func parse(t *testing.T, name, rel string) source {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	place := token.NewFileSet()
	syntax, err := parser.ParseFile(place, rel, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	s := source{
		path: rel, test: strings.HasSuffix(rel, "_test.go"), lines: bytes.Count(text, []byte("\n")),
		syntax: syntax, place: place,
	}
	dir := path.Dir(rel)
	s.pkg = strings.TrimPrefix(dir, "installer/")
	if dir == "installer" {
		s.pkg = "."
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		s.imports = append(s.imports, imported)
	}
	return s
}
