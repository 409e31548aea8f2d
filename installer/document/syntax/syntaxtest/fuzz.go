package syntaxtest

import (
	"bytes"
	"os"
	"testing"
	"unicode/utf8"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// wantSettable: what Find takes can be given a client secret, or is refused for what
// it cannot represent.
func wantSettable(t *testing.T, open Open, src []byte, at string) {
	t.Helper()
	out, err := Set(open, src, at, Entra)
	switch {
	case err == nil:
		wantReads(t, open, out, at, Entra)
	case KindOf(err) != syntax.Unrepresent && (KindOf(err) != syntax.Verify || Unsafe(err)):
		t.Errorf("Find takes %q, Set does not: %v (%s)", at, err, KindOf(err))
	}
}

// Fuzz tries the laws on files that nobody thought of.
func Fuzz(f *testing.F, open Open, samples []Sample) {
	f.Helper()
	values := append(Nasty(), Foreign()...)
	for i, s := range samples {
		f.Add(s.Source(), s.At, values[i%len(values)])
		f.Add(s.Source(), s.At, Entra)
	}
	f.Fuzz(func(t *testing.T, src []byte, at, value string) {
		if !utf8.ValidString(value) {
			return
		}
		file, err := open(src)
		if err != nil {
			wantSafe(t, err)
			return
		}
		v, err := file.Find(at)
		if err != nil {
			wantSafe(t, err)
			out, err := Add(open, src, at, value)
			if err == nil {
				wantReads(t, open, out, at, value)
				return
			}
			wantSafe(t, err)
			return
		}
		wantSettable(t, open, src, at)
		out, err := Set(open, src, at, value)
		if err != nil {
			wantSafe(t, err)
			return
		}
		start, end := file.Text().Offset(v.Start), file.Text().Offset(v.End)
		if !bytes.HasPrefix(out, src[:start]) || !bytes.HasSuffix(out[start:], src[end:]) {
			t.Errorf("a byte outside changed: %q", out)
		}
		wantReads(t, open, out, at, value)
	})
}

// Unsafe reports whether the error of a fuzzed edit is a defect: no refusal at all.
// A verification that refused kept the file from harm, and a fuzz test finds such
// files without end; with FUZZ_STRICT in the environment it counts, to find what the
// encoders miss.
func Unsafe(err error) bool {
	kind := KindOf(err)
	return kind == "" || kind == syntax.Verify && os.Getenv("FUZZ_STRICT") != ""
}

func wantSafe(t *testing.T, err error) {
	t.Helper()
	if Unsafe(err) {
		t.Errorf("not a refusal: %v", err)
	}
}
