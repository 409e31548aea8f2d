package unitfile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/unitfile"
)

// place is a row of the corpus' list.
type place struct {
	name    string
	open    syntaxtest.Open
	src     []byte
	at, old string
}

func opener(format string) syntaxtest.Open {
	switch format {
	case "systemd-unit":
		return unitfile.Open
	}
	return nil
}

func places(t *testing.T) []place {
	t.Helper()
	folder := filepath.Join("..", "testdata", "corpus")
	index, err := os.ReadFile(filepath.Join(folder, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var all []place
	for line := range strings.Lines(string(index)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < 7 || opener(fields[1]) == nil {
			continue
		}
		src, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(fields[0])))
		if err != nil {
			t.Fatal(err)
		}
		old, err := strconv.Unquote(fields[6])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, place{fields[0] + " " + fields[2], opener(fields[1]), src, fields[2], old})
	}
	if len(all) == 0 {
		t.Fatal("no file of these formats")
	}
	return all
}

// variants are a file with other line ends, and without the last.
func variants(src []byte) map[string][]byte {
	crlf := bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
	return map[string][]byte{
		"as it is": src, "CRLF": crlf,
		"no final newline":       bytes.TrimRight(src, "\n"),
		"CRLF, no final newline": bytes.TrimRight(crlf, "\r\n"),
		"comments around":        append([]byte("# Grüße\n\n"), append(bytes.Clone(src), "\n#\n"...)...),
	}
}

func TestRealisticFilesAreEdited(t *testing.T) {
	edits := 0
	for _, p := range places(t) {
		for name, src := range variants(p.src) {
			if got, err := syntaxtest.Get(p.open, src, p.at); err != nil || got != p.old {
				t.Errorf("%s, %s: got %q, %v, want %q", p.name, name, got, err, p.old)
				continue
			}
			for _, value := range syntaxtest.Nasty() {
				out, err := syntaxtest.Set(p.open, src, p.at, value)
				switch {
				case err != nil && (value == syntaxtest.Entra || syntaxtest.KindOf(err) != syntax.Unrepresent):
					t.Errorf("%s, %s, %q: %v", p.name, name, value, err)
				case err == nil:
					edits++
					if got, err := syntaxtest.Get(p.open, out, p.at); err != nil || got != value {
						t.Errorf("%s, %s: reads %q, %v, want %q", p.name, name, got, err, value)
					}
				}
			}
		}
	}
	t.Logf("%d edits", edits)
}

// TestOnlyTheLineOfTheValueChanges counts lines that differ.
func TestOnlyTheLineOfTheValueChanges(t *testing.T) {
	for _, p := range places(t) {
		out, err := syntaxtest.Set(p.open, p.src, p.at, syntaxtest.Entra)
		if err != nil {
			t.Errorf("%s: %v", p.name, err)
			continue
		}
		before, after := strings.Split(string(p.src), "\n"), strings.Split(string(out), "\n")
		changed := 0
		for i := range min(len(before), len(after)) {
			if before[i] != after[i] {
				changed++
			}
		}
		if changed != 1 || len(before) != len(after) {
			t.Errorf("%s: %d lines differ, %d became %d", p.name, changed, len(before), len(after))
		}
	}
}
