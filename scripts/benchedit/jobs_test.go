//go:build unix && bench

package benchedit_test

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// job is one value of one file.
type job struct {
	question // as the judge is asked

	name string // of the file, and its form
	file string // a copy that the tool may write
	at   string // as installer edit has it; At of the question is without object and inner place
	src  []byte
	want ideal

	refused error // why the installer does not edit it; nil where it does
}

func (j job) key() string { return j.Tokens[len(j.Tokens)-1] }

// jobs are the first place of every file of the corpus, as the file is and as
// Windows has it, with a byte order mark and CRLF.
func (b *bench) jobs() []job {
	var all []job
	seen := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(string(b.source("index.tsv"))), "\n")[1:] {
		c := strings.Split(line, "\t")
		if seen[c[0]] {
			continue
		}
		seen[c[0]] = true
		j := newJob(document.Format(c[1]), c[2])
		j.name, j.src, j.Object = c[0], b.source(c[0]), c[3]
		if c[3] != "" {
			j.at = c[3] + ":" + j.at
		}
		if c[4] != "" {
			j.at += "#" + c[4] + ":" + c[5]
			inner := newJob(document.Format(c[4]), c[5]).question
			j.Inner = &inner
		}
		j.file = filepath.Join(b.folder, filepath.Base(j.name))
		windows := j
		windows.name, windows.src = j.name+" (BOM, CRLF)", crlf(j.src)
		all = append(all, j)
		if !bytes.Equal(windows.src, j.src) {
			all = append(all, windows)
		}
	}
	for i := range all {
		b.complete(&all[i])
	}
	return all
}

func newJob(f document.Format, at string) job {
	return job{question: question{Format: f, At: at, Tokens: tokensOf(f, at)}, at: at}
}

func (b *bench) source(name string) []byte {
	b.Helper()
	return b.bytes(filepath.Join(b.corpus, filepath.FromSlash(name)))
}

func crlf(src []byte) []byte {
	text := bytes.TrimPrefix(src, []byte(syntax.MarkUTF8))
	text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
	return append([]byte(syntax.MarkUTF8), text...)
}

// complete finds the ideal result of a job. What the installer refuses, a byte order
// mark that a format has not, counts as a file that it does not open; what the ideal
// is for other tools the file without the mark tells.
func (b *bench) complete(j *job) {
	b.Helper()
	if j.want, j.refused = j.ideal(j.src); j.refused == nil {
		return
	}
	b.say("installer does not open %s: %v", j.name, j.refused)
	text, marked := bytes.CutPrefix(j.src, []byte(syntax.MarkUTF8))
	want, err := j.ideal(text)
	if !marked || err != nil {
		b.Fatalf("%s: no ideal result: %v", j.name, err)
	}
	j.want = ideal{append([]byte(syntax.MarkUTF8), want.text...), want.head + len(syntax.MarkUTF8), want.tail}
}

// ideal is the job done in a file.
func (j job) ideal(src []byte) (ideal, error) {
	var texts [2][]byte
	for i, v := range []string{value, strings.Repeat("Z", len(value))} {
		change := document.Change{Slot: document.Slot{At: j.at}, Value: secret.New(v)}
		var err error
		if texts[i], err = document.Edit(src, j.Format, []document.Change{change}); err != nil {
			return ideal{}, err
		}
	}
	return idealOf(src, texts[0], texts[1]), nil
}

// holds reports whether a file has the value in its place.
func (j job) holds(after []byte) bool {
	if j.refused != nil {
		after = bytes.TrimPrefix(after, []byte(syntax.MarkUTF8))
	}
	m, err := document.Find(after, j.Format, document.Slot{At: j.at})
	return err == nil && m.Value.Reveal() == value
}

// tokensOf splits an address as the tools need it.
func tokensOf(f document.Format, at string) []string {
	if f == document.XML {
		if m := regexp.MustCompile(`@key=["']([^"']+)`).FindStringSubmatch(at); m != nil {
			return []string{m[1]}
		}
	}
	if !strings.HasPrefix(at, "/") {
		return strings.Split(at, "/")
	}
	tokens, err := syntax.ParsePointer(at)
	if err != nil || len(tokens) == 0 {
		return []string{at}
	}
	return tokens
}
