package document_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
)

const corpusFolder = "testdata/corpus"

// row is a place in a file of the corpus.
type row struct {
	format document.Format
	at     string
	old    string
}

// corpusFile is a file of the corpus with all its places of one format.
type corpusFile struct {
	name   string
	format document.Format
	src    []byte
	rows   []row
}

// corpusFiles reads index.tsv.
func corpusFiles(t *testing.T) []corpusFile {
	t.Helper()
	index := readFile(t, "index.tsv")
	var files []corpusFile
	for i, line := range strings.Split(strings.TrimSuffix(string(index), "\n"), "\n") {
		columns := strings.Split(line, "\t")
		if len(columns) != 7 {
			t.Fatalf("index.tsv:%d: %d columns", i+1, len(columns))
		}
		if i == 0 {
			continue
		}
		old, err := strconv.Unquote(columns[6])
		if err != nil {
			t.Fatalf("index.tsv:%d: %v", i+1, err)
		}
		r := row{document.Format(columns[1]), address(columns), old}
		if !slices.Contains(document.Formats(), r.format) {
			t.Fatalf("index.tsv:%d: %q is no format", i+1, r.format)
		}
		at := slices.IndexFunc(files, func(f corpusFile) bool { return f.name == columns[0] && f.format == r.format })
		if at < 0 {
			at = len(files)
			files = append(files, corpusFile{name: columns[0], format: r.format, src: readFile(t, columns[0])})
		}
		files[at].rows = append(files[at].rows, r)
	}
	return files
}

// address is [object:]at[#inner-format:inner-at].
func address(columns []string) string {
	at := columns[2]
	if object := columns[3]; object != "" {
		at = object + ":" + at
	}
	if inner := columns[4]; inner != "" {
		at += "#" + inner + ":" + columns[5]
	}
	return at
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(corpusFolder, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return src
}
