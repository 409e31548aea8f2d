package xmldoc_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

// What encoding/xml sees otherwise refuses the file before the edit, and fails it
// after.
func TestTheSecondParserIsHeard(t *testing.T) {
	const src, after = "<a b='1'><c>old</c><!--x--><?y z?>text</a>", "<a b='1'><c>new</c><!--x--><?y z?>text</a>"
	others := func(value string) map[string]string {
		return map[string]string{
			"another element":   "<a b='1'><d>" + value + "</d><!--x--><?y z?>text</a>",
			"another prefix":    "<a b='1'><p:c>" + value + "</p:c><!--x--><?y z?>text</a>",
			"another attribute": "<a d='1'><c>" + value + "</c><!--x--><?y z?>text</a>",
			"another value":     "<a b='2'><c>" + value + "</c><!--x--><?y z?>text</a>",
			"one attribute":     "<a><c>" + value + "</c><!--x--><?y z?>text</a>",
			"two attributes":    "<a b='1' d='2'><c>" + value + "</c><!--x--><?y z?>text</a>",
			"another text":      "<a b='1'><c>" + value + "!</c><!--x--><?y z?>text</a>",
			"text elsewhere":    "<a b='1'><c>" + value + "</c><!--x--><?y z?>test</a>",
			"no comment":        "<a b='1'><c>" + value + "</c>x<?y z?>text</a>",
			"no instruction":    "<a b='1'><c>" + value + "</c><!--x-->text</a>",
			"a directive":       "<a b='1'><c>" + value + "</c><!--x--><!y z>text</a>",
			"an element more":   "<a b='1'><c>" + value + "</c><!--x--><?y z?>text<d/></a>",
			"no end":            "<a b='1'><c>" + value + "</c><!--x--><?y z?>text",
			"more behind it":    "<a b='1'><c>" + value + "</c><!--x--><?y z?>text</a><a/>",
			"no XML":            "<a b='1'><c>" + value + "</c><!--x--><?y z?>text</a",
		}
	}
	set := func(before, now string) error {
		_, err := syntaxtest.Set(xmldoc.OpenShowing(func(body []byte) []byte {
			if string(body) == src {
				return []byte(before)
			}
			return []byte(now)
		}), []byte(src), "/a/c", "new")
		return err
	}
	if err := set(src, after); err != nil {
		t.Errorf("agrees: %v", err)
	}
	for name, before := range others("old") {
		if err := set(before, after); syntaxtest.KindOf(err) != syntax.ParserDiffer {
			t.Errorf("%s, before: %v", name, err)
		}
	}
	for name, now := range others("new") {
		if err := set(src, now); syntaxtest.KindOf(err) != syntax.Verify {
			t.Errorf("%s, after: %v", name, err)
		}
	}
}
