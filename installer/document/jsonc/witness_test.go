package jsonc_test

import (
	"io"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// What the second parser sees otherwise fails the edit, whatever the scanner says.
func TestTheSecondParserIsHeard(t *testing.T) {
	const src, after = `{"a":"old","b":[1,"x"]}`, `{"a":"new","b":[1,"x"]}`
	for name, c := range map[string]struct {
		before, after string
		want          syntax.Kind
	}{
		"agrees":                  {src, after, ""},
		"another value before":    {`{"a":"odd","b":[1,"x"]}`, after, syntax.ParserDiffer},
		"the value elsewhere":     {`{ "a":"old","b":[1,"x"]}`, after, syntax.ParserDiffer},
		"another type before":     {`{"a":12345,"b":[1,"x"]}`, after, syntax.ParserDiffer},
		"does not accept it":      {`{"a":"old","b":[1,"x"}`, after, syntax.ParserDiffer},
		"another value after":     {src, `{"a":"now","b":[1,"x"]}`, syntax.Verify},
		"the old value after":     {src, src, syntax.Verify},
		"another type after":      {src, `{"a":12345,"b":[1,"x"]}`, syntax.Verify},
		"does not accept that":    {src, `{"a":"new","b":[1,"x"}`, syntax.Verify},
		"another number":          {src, `{"a":"new","b":[2,"x"]}`, syntax.Verify},
		"another name":            {src, `{"a":"new","c":[1,"x"]}`, syntax.Verify},
		"another value elsewhere": {src, `{"a":"new","b":[1,"y"]}`, syntax.Verify},
		"a value more":            {src, `{"a":"new","b":[1,"x",1]}`, syntax.Verify},
		"a value less":            {src, `{"a":"new","b":[1]}`, syntax.Verify},
		"an end that is missing":  {src, `{"a":"new","b":[1,"x"]`, syntax.Verify},
	} {
		open := jsonc.OpenShowing(func(body []byte) io.Reader {
			if string(body) == src {
				return strings.NewReader(c.before)
			}
			return strings.NewReader(c.after)
		})
		out, err := syntaxtest.Set(open, []byte(src), "/a", "new")
		if got := syntaxtest.KindOf(err); got != c.want || err == nil && string(out) != after {
			t.Errorf("%s: got %q, %v (%s), want %s", name, out, err, got, c.want)
		}
	}
}

func TestTheSecondParserIsHeardOfAnAddition(t *testing.T) {
	const src, after = `{"a":1}`, `{"a":1, "b":"new"}`
	for shown, want := range map[string]syntax.Kind{
		after: "", src: syntax.Verify, `{"a":1, "b":"now"}`: syntax.Verify, `{"a":1, "c":"new"}`: syntax.Verify, `{"a":1, "b":"new", "d":1}`: syntax.Verify,
		`{"a":1, "b":2}`: syntax.Verify, `{"a":1, "b":"new"`: syntax.Verify,
	} {
		open := jsonc.OpenShowing(func(body []byte) io.Reader {
			if string(body) == src {
				return strings.NewReader(src)
			}
			return strings.NewReader(shown)
		})
		_, err := syntaxtest.Add(open, []byte(src), "/b", "new")
		if got := syntaxtest.KindOf(err); got != want {
			t.Errorf("%s: got %v (%s), want %s", shown, err, got, want)
		}
	}
}
