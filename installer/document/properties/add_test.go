package properties_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestKeysAreAddedAsAPersonWould(t *testing.T) {
	syntaxtest.Additions(t, properties.Open, []syntaxtest.Addition{
		{"to an empty file", "a", "x", "", "a=x\n"},
		{"to comments alone", "a", "x", "# c\r\n", "# c\r\na=x\r\n"},
		{"at the end", "b", "x", "a=1\n", "a=1\nb=x\n"},
		{"at the end, no final newline", "b", "x", "a=1\r\nc=2", "a=1\r\nc=2\r\nb=x"},
		{"at the end, one line, no final newline", "b", "x", "a=1", "a=1\nb=x"},
		{"behind a comment without newline", "b", "x", "a=1\n#", "a=1\n#\nb=x"},
		{"spaced", "b", "x", "a = 1\n", "a = 1\nb = x\n"},
		{"colon", "b", "x", "a: 1\n", "a: 1\nb: x\n"},
		{"blank", "b", "=x", "a 1\n", "a 1\nb \\=x\n"},
		{"behind its kin", "spring.datasource.password", "x", "spring.datasource.url = u\n  spring.datasource.username = n\r\nserver.port=1\n",
			"spring.datasource.url = u\n  spring.datasource.username = n\r\n  spring.datasource.password = x\r\nserver.port=1\n"},
		{"behind nearer kin", "a.b.z", "x", "a.b.c=1\na.d=2\ne=3\n", "a.b.c=1\na.b.z=x\na.d=2\ne=3\n"},
		{"behind farther kin", "a.z", "x", "a.b.c=1\na.d=2\ne: 3\n", "a.b.c=1\na.d=2\na.z=x\ne: 3\n"},
		{"behind kin on several lines", "a.z", "x", "a.b=1,\\\n    2\ne=3\n", "a.b=1,\\\n    2\na.z=x\ne=3\n"},
		{"behind kin that begins a line below", "a.z", "x", "a.b = \\\n    2\ne=3\n", "a.b = \\\n    2\na.z=x\ne=3\n"},
		{"behind kin without a separator", "a.z", "x", "a.b\ne=3\n", "a.b\na.z=x\ne=3\n"},
		{"behind kin at the end of the file", "a.z", "x", "e=3\r\na.b=1", "e=3\r\na.b=1\r\na.z=x"},
		{"no kin by a whole name only", "ab", "x", "ab.c=1\ne=3\n", "ab.c=1\ne=3\nab=x\n"},
		{"a key with escapes", "#a b:c=d#!ä\\", "x", "e=3\n", "e=3\n\\#a\\ b\\:c\\=d#!\\u00e4\\\\=x\n"},
		{"to ISO-8859-1", "ä", "x", "# \xe4\n", "# \xe4\n\\u00e4=x\n"},
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
		"no key":                {"a=1\n", "", syntax.BadPointer},
		"a file that is broken": {"a=\\u\n", "b", syntax.Syntax},
	} {
		_, err := syntaxtest.Add(properties.Open, []byte(c.text), c.at, "x")
		if got := syntaxtest.KindOf(err); got != c.want {
			t.Errorf("%s: got %v (%s), want %s", name, err, got, c.want)
		}
	}
}
