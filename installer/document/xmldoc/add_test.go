package xmldoc_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

const addKey = `/configuration/appSettings/add[@key="X"]/@value`

func TestPlacesAreAddedAsAPersonWould(t *testing.T) {
	settings := func(within string) string {
		return "<configuration>\n  <appSettings>" + within + "</appSettings>\n</configuration>\n"
	}
	crlf := strings.NewReplacer("\n", "\r\n").Replace
	syntaxtest.Additions(t, xmldoc.Open, []syntaxtest.Addition{
		{Name: "behind its kin", At: addKey, Value: "v", Text: settings("\n    <add key=\"A\" value=\"1\" />\n  "), Want: settings("\n    <add key=\"A\" value=\"1\" />\n    <add key=\"X\" value=\"v\" />\n  ")},
		{Name: "CRLF, no blank, single quotes", At: addKey, Value: `"v"`, Text: crlf(settings("\n\t<add key='A' value='1'/>\n  ")), Want: crlf(settings("\n\t<add key='A' value='1'/>\n\t<add key='X' value='\"v\"'/>\n  "))},
		{Name: "end tags", At: addKey, Value: "v", Text: settings("\n    <add key=\"A\" value=\"1\"></add>\n  "), Want: settings("\n    <add key=\"A\" value=\"1\"></add>\n    <add key=\"X\" value=\"v\"></add>\n  ")},
		{Name: "behind a blank line", At: addKey, Value: "v", Text: settings("\n    <clear/>\n\n    <add key=\"A\" value=\"1\"/>\n  "), Want: settings("\n    <clear/>\n\n    <add key=\"A\" value=\"1\"/>\n    <add key=\"X\" value=\"v\"/>\n  ")},
		{Name: "behind the comment of its line", At: addKey, Value: "v", Text: settings("\n    <add key=\"A\" value=\"1\"/> <!-- a -->\n    <!-- b -->\n  "), Want: settings("\n    <add key=\"A\" value=\"1\"/> <!-- a -->\n    <add key=\"X\" value=\"v\"/>\n    <!-- b -->\n  ")},
		{Name: "behind another element", At: addKey, Value: "v", Text: settings("\n      <clear/>\n  "), Want: settings("\n      <clear/>\n      <add key=\"X\" value=\"v\"/>\n  ")},
		{Name: "among others", At: addKey, Value: "v", Text: settings("\n    <add key=\"A\" value=\"1\"/>\n    <remove key=\"B\"/>\n  "), Want: settings("\n    <add key=\"A\" value=\"1\"/>\n    <add key=\"X\" value=\"v\"/>\n    <remove key=\"B\"/>\n  ")},
		{Name: "into an empty element", At: addKey, Value: "v", Text: settings(""), Want: settings("\n    <add key=\"X\" value=\"v\" />\n  ")},
		{Name: "into blanks", At: addKey, Value: "v", Text: settings("\n  "), Want: settings("\n    <add key=\"X\" value=\"v\" />\n  ")},
		{Name: "behind a comment", At: addKey, Value: "v", Text: settings("\n    <!-- none -->\n  "), Want: settings("\n    <!-- none -->\n    <add key=\"X\" value=\"v\" />\n  ")},
		{Name: "into <a/>", At: addKey, Value: "v", Text: "<configuration>\r\n\t<appSettings/>\r\n</configuration>", Want: "<configuration>\r\n\t<appSettings>\r\n\t\t<add key=\"X\" value=\"v\"/>\r\n\t</appSettings>\r\n</configuration>"},
		{Name: "into <a /> with attributes", At: "/c/s/b", Value: "v", Text: "<c>\n  <s x='1' />\n</c>", Want: "<c>\n  <s x='1'>\n    <b>v</b>\n  </s>\n</c>"},
		{Name: "into the root", At: "/configuration/entra", Value: "v", Text: "<configuration>\n</configuration>\n", Want: "<configuration>\n  <entra>v</entra>\n</configuration>\n"},
		{Name: "into a root of one line", At: "/c/b", Value: "v", Text: "<c/>", Want: "<c>\n  <b>v</b>\n</c>"},
		{Name: "into one line", At: addKey, Value: "v", Text: "<configuration><appSettings/></configuration>", Want: "<configuration><appSettings><add key=\"X\" value=\"v\"/></appSettings></configuration>"},
		{Name: "into one line with blanks", At: addKey, Value: "v", Text: "<configuration><appSettings> <add key='A'/> </appSettings></configuration>", Want: "<configuration><appSettings> <add key='A'/> <add key='X' value='v'/> </appSettings></configuration>"},
		{Name: "text", At: "/a/c", Value: "v", Text: "<a>\n <b>1</b>\n</a>", Want: "<a>\n <b>1</b>\n <c>v</c>\n</a>"},
		{Name: "no text", At: "/a/c", Value: "", Text: "<a>\n <b>1</b>\n</a>", Want: "<a>\n <b>1</b>\n <c></c>\n</a>"},
		{Name: "text with attributes", At: `/a/c[@x="1"][@y='"']`, Value: "v", Text: "<a>\n <c>1</c>\n</a>", Want: "<a>\n <c>1</c>\n <c x=\"1\" y=\"&quot;\">v</c>\n</a>"},
		{Name: "kin on several lines", At: `/a/c[@x="1"]/@y`, Value: "v", Text: "<a>\n <c\n  x='2'\n  />\n</a>", Want: "<a>\n <c\n  x='2'\n  />\n <c x='1' y='v' />\n</a>"},
		{Name: "an attribute", At: "/a/b/@c", Value: "v", Text: "<a><b x='1' /></a>", Want: "<a><b x='1' c='v' /></a>"},
		{Name: "the first attribute", At: "/a/b/@c", Value: "v", Text: "<a><b/></a>", Want: "<a><b c=\"v\"/></a>"},
		{Name: "an attribute of several lines", At: "/a/b/@c", Value: "v", Text: "<a>\n<b x=\"1\"\r\n   y=\"2\">\n</b></a>", Want: "<a>\n<b x=\"1\"\r\n   y=\"2\"\r\n   c=\"v\">\n</b></a>"},
		{Name: "an attribute where another leads", At: `/a/b[@k="2"]/@c`, Value: "v", Text: "<a><b k='1' c=''/><b k='2'/></a>", Want: "<a><b k='1' c=''/><b k='2' c='v'/></a>"},
		{Name: "the same attribute twice in the address", At: `/a/b[@k="2"][@k='2']/@c`, Value: "v", Text: "<a></a>", Want: "<a>\n  <b k=\"2\" c=\"v\" />\n</a>"},
		{Name: "a name of another alphabet around", At: "/größe/c", Value: "v", Text: "<größe/>", Want: "<größe>\n  <c>v</c>\n</größe>"},
		{Name: "ISO-8859-1", At: `/a/c[@x="ä"]/@y`, Value: "v", Text: "<?xml version='1.0' encoding='iso-8859-1'?><a><b x='\xe4'/></a>", Want: "<?xml version='1.0' encoding='iso-8859-1'?><a><b x='\xe4'/><c x='&#xE4;' y='v'/></a>"},
		{Name: "into an element of that text", At: "/a/b", Value: "v", Text: "\ufeff<a>\r\n    <c>x</c>\r\n</a>\r\n", Want: "\ufeff<a>\r\n    <c>x</c>\r\n    <b>v</b>\r\n</a>\r\n"},
	})
}

func TestAddingIsRefusedWhereThePlaceIsNotCertain(t *testing.T) {
	for _, c := range []struct {
		text, at string
		want     syntax.Kind
	}{
		{"<a><b/></a>", "/a/b", syntax.Present},
		{"<a b=''/>", "/a/@b", syntax.Present},
		{"<a><b/><b/></a>", "/a/b", syntax.Present},
		{"<a/>", "/b", syntax.NotFound},
		{"<a/>", "/b/@c", syntax.NotFound},
		{"<a/>", "/a/b/c", syntax.NotFound},
		{"<a/>", "/a/b/@c", syntax.Unsupported},
		{"<a/>", "/a/b[1]", syntax.Unsupported},
		{"<a/>", `/a/b[@x="1"][2]/@c`, syntax.Unsupported},
		{"<a/>", `/a/b[@x="1"][@x="2"]/@c`, syntax.Unsupported},
		{"<a/>", `/a/b[@x="1"]/@x`, syntax.BadPointer},
		{"<a/>", "/a/b[@x='\x01']/@c", syntax.Unsupported},
		{"<a/>", "/a/x:b", syntax.Unsupported},
		{"<a/>", "/a/ü", syntax.Unsupported},
		{"<a/>", "/a/@x:b", syntax.Unsupported},
		{"<a/>", "/a/@xmlns", syntax.Unsupported},
		{"<a/>", "/a/@xmlns:b", syntax.Unsupported},
		{"<a/>", "/a/b[@xmlns='u']", syntax.Unsupported},
		{"<a>text</a>", "/a/b", syntax.Unsupported},
		{"<a><![CDATA[]]></a>", "/a/b", syntax.Unsupported},
		{"<a><b/>text</a>", "/a/c", syntax.Unsupported},
		{"<a><b/><b/></a>", "/a/b/c", syntax.Ambiguous},
		{"<a><b x='1'/><b/></a>", "/a/b/@c", syntax.Ambiguous},
		{"<a><add key='x' value=''/></a>", "/a/add[@key='X']/@value", syntax.Present},
		{"<a><add key='x'/></a>", "/a/add[@key='X']", syntax.Present},
		{"<c><appSettings file='f'/></c>", "/c/appSettings/b", syntax.Shared},
		{"<c><s configProtectionProvider='f'/></c>", "/c/s/b", syntax.Encrypted},
		{"<c><s configProtectionProvider='f'/></c>", "/c/s/@b", syntax.Encrypted},
		{"<a/>", "a", syntax.BadPointer},
	} {
		_, err := syntaxtest.Add(xmldoc.Open, []byte(c.text), c.at, "x")
		if got := syntaxtest.KindOf(err); got != c.want {
			t.Errorf("%s to %s: got %v (%s), want %s", c.at, c.text, err, got, c.want)
		}
	}
}

func TestAnAdditionIsVerified(t *testing.T) {
	for _, c := range []struct{ text, at string }{
		{"<a><b/></a>", "/a/b/@c"},
		{"<a><b/></a>", `/a/d[@e="f"]/@g`},
		{"<a><b/></a>", "/a/b/c"},
		{"<a></a>", "/a/b"},
	} {
		f, err := xmldoc.Open([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		edit, err := f.Add(c.at, "v")
		if err != nil {
			t.Fatal(err)
		}
		good := edit.Splices[0].Text
		for _, text := range []string{
			"", " ", "v", good + good, good + "v", strings.ReplaceAll(good, "v", "w"), strings.Replace(good, " ", " x='' ", 1), good + "<!---->",
			strings.ReplaceAll(good, "e=", "x="), strings.ReplaceAll(good, "<d", "<x"), strings.ReplaceAll(good, "<b", "<x"), strings.ReplaceAll(good, "c", "x"), "<x/>" + good,
		} {
			if text == good {
				continue
			}
			edit.Splices[0].Text = text
			if err := f.Verify(syntax.Applied([]byte(c.text), []syntax.Edit{edit}), []syntax.Edit{edit}); syntaxtest.KindOf(err) != syntax.Verify {
				t.Errorf("%s: %q passed: %v", c.at, text, err)
			}
		}
	}
}
