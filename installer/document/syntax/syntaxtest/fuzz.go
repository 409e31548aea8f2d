package syntaxtest

import (
	"bytes"
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
	case KindOf(err) != syntax.Unrepresent:
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
			wantRefusal(t, err)
			return
		}
		v, err := file.Find(at)
		if err != nil {
			wantRefusal(t, err)
			out, err := Add(open, src, at, value)
			if err == nil {
				wantReads(t, open, out, at, value)
				return
			}
			wantRefusal(t, err)
			return
		}
		wantSettable(t, open, src, at)
		out, err := Set(open, src, at, value)
		if err != nil {
			wantRefusal(t, err)
			return
		}
		start, end := file.Text().Offset(v.Start), file.Text().Offset(v.End)
		if !bytes.HasPrefix(out, src[:start]) || !bytes.HasSuffix(out[start:], src[end:]) {
			t.Errorf("a byte outside changed: %q", out)
		}
		wantReads(t, open, out, at, value)
	})
}
