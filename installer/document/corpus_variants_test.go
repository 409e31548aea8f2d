package document_test

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// values are what every place of the corpus and every string of the public
// suites is replaced by.
func values() []string {
	return []string{
		entra, "", `"quotes" and \back\`, "# x: y", " edges ", "two\nlines", "~", "yes", "0x1F", "]]>&<",
		"ü漢😀", "a\u0085b\ufeffc\x01",
	}
}

// form is another form of a file: the same places with the same values.
type form struct {
	name string
	of   func(file corpusFile) []byte
}

const noFinalNewline = "no final newline"

// forms begins with the file as it is.
func forms() []form {
	changed := func(change func(src []byte) []byte) func(corpusFile) []byte {
		return func(f corpusFile) []byte { return change(f.src) }
	}
	wide := func(bigEndian bool) func(corpusFile) []byte {
		return func(f corpusFile) []byte { return syntaxtest.Wide(wideXML(unmarked(f.src)), bigEndian) }
	}
	return []form{
		{"as it is", changed(bytes.Clone)},
		{"mark", changed(marked)},
		{"CRLF", changed(crlf)},
		{"mark and CRLF", changed(func(src []byte) []byte { return marked(crlf(src)) })},
		{noFinalNewline, changed(func(src []byte) []byte { return bytes.TrimRight(src, "\r\n") })},
		{"final newline", changed(func(src []byte) []byte { return append(bytes.TrimRight(src, "\r\n"), '\n') })},
		{"UTF-16", wide(false)},
		{"UTF-16, big endian", wide(true)},
		{"tabs", tabbed},
		{"CRLF, " + noFinalNewline, changed(func(src []byte) []byte { return bytes.TrimRight(crlf(src), "\r\n") })},
		{"UTF-16 and CRLF", func(f corpusFile) []byte { return wide(false)(corpusFile{src: crlf(f.src)}) }},
		{"UTF-16, " + noFinalNewline, func(f corpusFile) []byte { return wide(false)(corpusFile{src: bytes.TrimRight(f.src, "\r\n")}) }},
		{"tabs and CRLF", func(f corpusFile) []byte { return crlf(tabbed(f)) }},
		{"mixed line ends", changed(mixed)},
	}
}

// mixed is a file of which every other line ends in CRLF.
func mixed(src []byte) []byte {
	var out []byte
	for i, line := range bytes.SplitAfter(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\n")) {
		if text, ended := bytes.CutSuffix(line, []byte("\n")); ended && i%2 == 0 {
			line = append(bytes.Clone(text), "\r\n"...)
		}
		out = append(out, line...)
	}
	return out
}

func unmarked(src []byte) string { return strings.TrimPrefix(string(src), syntax.MarkUTF8) }

func marked(src []byte) []byte { return []byte(syntax.MarkUTF8 + unmarked(src)) }

func crlf(src []byte) []byte {
	return bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// wideXML is a file whose declaration, if it has one, tells the truth in UTF-16.
func wideXML(text string) string {
	return regexp.MustCompile(`(<\?xml[^>]*encoding=["'])(?i:utf-8)`).ReplaceAllString(text, "${1}utf-16")
}

// tabbed has tabs for the blanks that lines begin with. YAML does not allow it.
func tabbed(f corpusFile) []byte {
	if f.format == document.YAML || f.format == document.Kubernetes {
		return bytes.Clone(f.src)
	}
	return regexp.MustCompile(`(?m)^ +`).ReplaceAllFunc(f.src, func(blanks []byte) []byte {
		return bytes.Repeat([]byte("\t"), len(blanks))
	})
}

// unfolded is a text with the line ends and indentation that a file has as it
// is.
func unfolded(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\t", " ")
}

// counts writes numbers by reason, the greatest first.
func counts(by map[syntax.Kind]int) string {
	var all []string
	for _, kind := range slices.SortedFunc(maps.Keys(by), func(a, b syntax.Kind) int { return cmp.Or(by[b]-by[a], cmp.Compare(a, b)) }) {
		all = append(all, fmt.Sprintf("%d %s", by[kind], kind))
	}
	if len(all) == 0 {
		return "none"
	}
	return strings.Join(all, ", ")
}

// first are as many as a person reads.
func first(all []string) []string { return all[:min(len(all), 20)] }
