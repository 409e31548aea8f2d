//go:build suites

package document_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// The modules that hold the suites. Nothing is imported from them.
const (
	yamlSuite = "github.com/goccy/go-yaml@v1.19.2"
	jsonSuite = "github.com/nst/JSONTestSuite@v0.0.0-20241122125541-1ef36fa01286"
	tomlSuite = "github.com/toml-lang/toml-test/v2@v2.2.0"
)

// fetch is the folder of a module, which the module cache keeps.
func fetch(t *testing.T, module string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "mod", "download", "-json", module)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	var answer struct{ Dir, Error string }
	if json.Unmarshal(out, &answer) != nil || answer.Dir == "" {
		t.Skipf("%s cannot be had: %v %s", module, err, answer.Error)
	}
	return answer.Dir
}

// documents calls do for each file below a folder whose path ends so, in order.
func documents(t *testing.T, folder, suffix string, do func(name string, src []byte)) {
	t.Helper()
	found := false
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, suffix) {
			return err
		}
		src, err := os.ReadFile(path)
		if err == nil {
			found = true
			do(filepath.ToSlash(strings.TrimPrefix(path, folder+string(filepath.Separator))), src)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !found {
		t.Fatalf("%s holds no *%s", folder, suffix)
	}
}

// variant is another form of the documents of a suite.
type variant struct {
	name string
	of   func(src string) []byte
}

// lineEnds are the forms of a document in which lines and marks differ.
func lineEnds() []variant {
	crlf := func(src string) string {
		return strings.ReplaceAll(strings.ReplaceAll(src, "\r\n", "\n"), "\n", "\r\n")
	}
	return []variant{
		{"as it is", func(src string) []byte { return []byte(src) }},
		{"CRLF", func(src string) []byte { return []byte(crlf(src)) }},
		{"byte order mark", func(src string) []byte { return []byte("\ufeff" + src) }},
		{"byte order mark and CRLF", func(src string) []byte { return []byte("\ufeff" + crlf(src)) }},
	}
}

func TestSuiteOfYAML(t *testing.T) {
	folder := filepath.Join(fetch(t, yamlSuite), "testdata", "yaml-test-suite")
	oracle := python(t, "yaml")
	for run, v := range lineEnds() {
		s := newSuite(document.YAML, run, oracle)
		invalid, accepted := 0, []string{}
		documents(t, folder, "in.yaml", func(name string, src []byte) {
			src = v.of(string(src))
			if _, err := os.Stat(filepath.Join(folder, filepath.Dir(name), "error")); err == nil {
				if invalid++; opens(src, document.YAML) {
					accepted = append(accepted, name)
				}
				return
			}
			s.document(name, src)
		})
		s.report(t, v.name)
		t.Logf("yaml, %s: %d of %d invalid documents are read: %q", v.name, len(accepted), invalid, accepted)
	}
}

func TestSuiteOfTOML(t *testing.T) {
	folder := filepath.Join(fetch(t, tomlSuite), "tests")
	oracle := python(t, "toml")
	for run, v := range lineEnds() {
		s := newSuite(document.TOML, run, oracle)
		documents(t, filepath.Join(folder, "valid"), ".toml", func(name string, src []byte) { s.document(name, v.of(string(src))) })
		s.report(t, v.name)
	}
	invalidTOML(t, folder)
}

// invalidTOML edits a table that is put behind each invalid document: numbers
// and dates are read by the second parser only, which an edit asks.
func invalidTOML(t *testing.T, folder string) {
	t.Helper()
	list, err := os.ReadFile(filepath.Join(folder, "files-toml-1.1.0"))
	if err != nil {
		t.Fatal(err)
	}
	invalid, edited := 0, []string{}
	documents(t, folder, ".toml", func(name string, src []byte) {
		if !strings.HasPrefix(name, "invalid/") || !strings.Contains(string(list), name+"\n") {
			return
		}
		invalid++
		src = append(src, " \n[added-for-the-suite]\nkey = 'x'\n"...)
		if _, err := document.Edit(src, document.TOML, at("/added-for-the-suite/key", entra)); err == nil {
			edited = append(edited, name)
		}
	})
	t.Logf("toml: %d of %d invalid documents can be edited: %q", len(edited), invalid, edited)
}

// jsonDocuments are those of JSONTestSuite but for the invalid ones, in UTF-8.
func jsonDocuments(t *testing.T, folder string, do func(name string, src []byte)) {
	t.Helper()
	documents(t, folder, ".json", func(name string, src []byte) {
		if strings.HasPrefix(name, "test_") && !strings.HasPrefix(filepath.Base(name), "n_") {
			do(name, src)
		}
	})
}

func TestSuiteOfJSON(t *testing.T) {
	folder := fetch(t, jsonSuite)
	readers := []reader{standard()}
	if oracle, why := findPython(t, "json"); why == "" {
		readers = append(readers, oracle)
	} else {
		t.Log("read by encoding/json only: " + why)
	}
	variants := []variant{
		{"as it is", func(src string) []byte { return []byte(src) }},
		{"UTF-16", func(src string) []byte { return syntaxtest.Wide(src, false) }},
		{"UTF-16, big endian", func(src string) []byte { return syntaxtest.Wide(src, true) }},
	}
	for _, f := range []document.Format{document.JSON, document.JSONC} {
		for run, v := range variants {
			s := newSuite(f, run, readers...)
			jsonDocuments(t, folder, func(name string, src []byte) { s.document(name, v.of(string(src))) })
			s.report(t, v.name)
		}
	}
}

func TestSuiteOfJSONWithComments(t *testing.T) {
	folder := fetch(t, jsonSuite)
	s := newSuite(document.JSONC, 0, bare())
	documents(t, filepath.Join(folder, "test_parsing"), ".json", func(name string, src []byte) {
		if !strings.HasPrefix(name, "y_") {
			return
		}
		for i, comment := range comments() {
			mark := ""
			if i == 0 {
				mark = "\ufeff"
			}
			s.document(name, []byte(mark+commented(string(src), comment)))
		}
	})
	s.report(t, "comments and trailing commas everywhere")
}

func TestSuiteOfInvalidJSON(t *testing.T) {
	folder := filepath.Join(fetch(t, jsonSuite), "test_parsing")
	for f, want := range map[document.Format][]string{
		document.JSON: {},
		document.JSONC: {
			"n_array_extra_comma.json", "n_array_number_and_comma.json", "n_object_trailing_comma.json",
			"n_object_trailing_comment.json", "n_object_trailing_comment_slash_open.json", "n_structure_object_with_comment.json",
		},
	} {
		invalid, accepted := 0, []string{}
		documents(t, folder, ".json", func(name string, src []byte) {
			if !strings.HasPrefix(name, "n_") {
				return
			}
			if invalid++; opens(src, f) {
				accepted = append(accepted, name)
			}
		})
		t.Logf("%s: %d of %d invalid documents are read", f, len(accepted), invalid)
		if !slices.Equal(accepted, want) {
			t.Errorf("%s: reads %q, want %q", f, accepted, want)
		}
	}
}
