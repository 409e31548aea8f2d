package properties_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestKeysAreAddedAsAPersonWould(t *testing.T) {
	syntaxtest.Additions(t, properties.Open, []syntaxtest.Addition{
		{Name: "to an empty file", At: "a", Value: "x", Text: "", Want: "a=x\n"},
		{Name: "to comments alone", At: "a", Value: "x", Text: "# c\r\n", Want: "# c\r\na=x\r\n"},
		{Name: "at the end", At: "b", Value: "x", Text: "a=1\n", Want: "a=1\nb=x\n"},
		{Name: "at the end, no final newline", At: "b", Value: "x", Text: "a=1\r\nc=2", Want: "a=1\r\nc=2\r\nb=x"},
		{Name: "at the end, one line, no final newline", At: "b", Value: "x", Text: "a=1", Want: "a=1\nb=x"},
		{Name: "behind a comment without newline", At: "b", Value: "x", Text: "a=1\n#", Want: "a=1\n#\nb=x"},
		{Name: "spaced", At: "b", Value: "x", Text: "a = 1\n", Want: "a = 1\nb = x\n"},
		{Name: "colon", At: "b", Value: "x", Text: "a: 1\n", Want: "a: 1\nb: x\n"},
		{Name: "blank", At: "b", Value: "=x", Text: "a 1\n", Want: "a 1\nb \\=x\n"},
		{Name: "behind its kin", At: "spring.datasource.password", Value: "x", Text: "spring.datasource.url = u\n  spring.datasource.username = n\r\nserver.port=1\n", Want: "spring.datasource.url = u\n  spring.datasource.username = n\r\n  spring.datasource.password = x\r\nserver.port=1\n"},
		{Name: "behind nearer kin", At: "a.b.z", Value: "x", Text: "a.b.c=1\na.d=2\ne=3\n", Want: "a.b.c=1\na.b.z=x\na.d=2\ne=3\n"},
		{Name: "behind farther kin", At: "a.z", Value: "x", Text: "a.b.c=1\na.d=2\ne: 3\n", Want: "a.b.c=1\na.d=2\na.z=x\ne: 3\n"},
		{Name: "behind kin on several lines", At: "a.z", Value: "x", Text: "a.b=1,\\\n    2\ne=3\n", Want: "a.b=1,\\\n    2\na.z=x\ne=3\n"},
		{Name: "behind kin that begins a line below", At: "a.z", Value: "x", Text: "a.b = \\\n    2\ne=3\n", Want: "a.b = \\\n    2\na.z=x\ne=3\n"},
		{Name: "behind kin without a separator", At: "a.z", Value: "x", Text: "a.b\ne=3\n", Want: "a.b\na.z=x\ne=3\n"},
		{Name: "behind kin at the end of the file", At: "a.z", Value: "x", Text: "e=3\r\na.b=1", Want: "e=3\r\na.b=1\r\na.z=x"},
		{Name: "no kin by a whole name only", At: "ab", Value: "x", Text: "ab.c=1\ne=3\n", Want: "ab.c=1\ne=3\nab=x\n"},
		{Name: "a key with escapes", At: "#a b:c=d#!ä\\", Value: "x", Text: "e=3\n", Want: "e=3\n\\#a\\ b\\:c\\=d#!\\u00e4\\\\=x\n"},
		{Name: "to ISO-8859-1", At: "ä", Value: "x", Text: "# \xe4\n", Want: "# \xe4\n\\u00e4=x\n"},
	})
}

func TestAddingIsRefusedWhereThePlaceIsNotCertain(t *testing.T) {
	for name, c := range map[string]struct {
		text, at string
		want     syntax.Kind
	}{
		"there":                 {"a=1\n", "a", syntax.Present},
		"there, encrypted":      {"a=ENC(x)\n", "a", syntax.Present},
		"several documents":     {"a=1\n#---\nb=2\n", "c", syntax.Unsupported},
		"several documents, !":  {"a=1\n!--- \nb=2\n", "c", syntax.Unsupported},
		"documents of one":      {"#---\nb=2\n", "c", syntax.Unsupported},
		"behind an open line":   {"0\\\n", "1", syntax.Unsupported},
		"behind an open value":  {"a.b=1\\\r\n", "a.c", syntax.Unsupported},
		"no key":                {"a=1\n", "", syntax.BadPointer},
		"a file that is broken": {"a=\\u\n", "b", syntax.Syntax},
	} {
		_, err := syntaxtest.Add(properties.Open, []byte(c.text), c.at, "x")
		if got := syntaxtest.KindOf(err); got != c.want {
			t.Errorf("%s: got %v (%s), want %s", name, err, got, c.want)
		}
	}
}
