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
	return b.possible(all)
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

// possible finds the ideal result of each job and leaves out, saying so, files that
// no edit is safe in: the program itself does not take such a mark.
func (b *bench) possible(all []job) []job {
	var some []job
	for _, j := range all {
		var texts [2][]byte
		var err error
		for i, v := range []string{value, strings.Repeat("Z", len(value))} {
			change := document.Change{Slot: document.Slot{At: j.at}, Value: secret.New(v)}
			if texts[i], err = document.Edit(j.src, j.Format, []document.Change{change}); err != nil {
				break
			}
		}
		if err != nil {
			b.say("left out: %s: %v", j.name, err)
			continue
		}
		j.want = idealOf(j.src, texts[0], texts[1])
		some = append(some, j)
	}
	return some
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
