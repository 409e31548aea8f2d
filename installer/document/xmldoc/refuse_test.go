package xmldoc_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/xmldoc"
)

func TestWhatCannotBeCertainIsRefused(t *testing.T) {
	const secret = syntaxtest.Entra
	declared := func(encoding string) string {
		return `<?xml version="1.0" encoding="` + encoding + `"?>`
	}
	syntaxtest.Refusals(t, xmldoc.Open, []syntaxtest.Refusal{
		{Name: "missing element", At: "/a/c", Text: "<a><b>" + secret + "</b></a>", Want: syntax.NotFound, Place: "1:1: no /a/c: /a is here"},
		{Name: "missing attribute", At: "/a/b/@c", Text: "<a><b d='" + secret + "'/></a>", Want: syntax.NotFound},
		{Name: "other root", At: "/b", Text: "<a>" + secret + "</a>", Want: syntax.NotFound},
		{Name: "commented out", At: "/a/b", Text: "<a><!--<b>" + secret + "</b>--></a>", Want: syntax.NotFound},
		{Name: "no such attribute value", At: `/a/b[@c="x"]`, Text: "<a><b c='" + secret + "'/></a>", Want: syntax.NotFound},
		{Name: "no such position", At: `/a/b[2]`, Text: "<a><b>" + secret + "</b></a>", Want: syntax.NotFound},
		{Name: "two elements", At: "/a/b", Text: "<a><b>" + secret + "</b>\n<b/></a>", Want: syntax.Ambiguous, Place: "2:1"},
		{Name: "three attributes", At: "/a/b/@c", Text: "<a><b c='" + secret + "'/>\n <b c=''/><b/><b c=''/></a>", Want: syntax.Ambiguous, Place: "2:2"},
		{Name: "two on the way", At: "/a/b/c", Text: "<a><b><c/></b><b><c>" + secret + "</c></b></a>", Want: syntax.Ambiguous, Place: "1:18"},
		{Name: "key in another case, too", At: `/c/appSettings/add[@key="K"]/@value`, Text: "<c><appSettings><add key='K' value='1'/>\n<add key='k' value='" + secret + "'/></appSettings></c>", Want: syntax.Ambiguous, Place: "2:1"},
		{Name: "key in another case alone", At: `/c/appSettings/add[@key="K"]/@value`, Text: "<c><appSettings>\n<add key='k' value='" + secret + "'/></appSettings></c>", Want: syntax.NotFound, Place: "2:1"},
		{Name: "UTF-8 read as ISO-8859-1", At: "/ä", Text: declared("ISO-8859-1") + "<ä>" + secret + "</ä>", Want: syntax.ParserDiffer, Place: "1:44: "},
		{Name: "elements within", At: "/a/b", Text: "<a>\n <b>" + secret + "<c/></b></a>", Want: syntax.NotString, Place: "2:2"},
		{Name: "comment within text", At: "/a/b", Text: "<a><b>" + secret + "<!-- c --></b></a>", Want: syntax.Unsupported, Place: "1:47"},
		{Name: "instruction within text", At: "/a/b", Text: "<a><b><?c?>" + secret + "</b></a>", Want: syntax.Unsupported, Place: "1:7"},
		{Name: "xmlns", At: "/a/@xmlns", Text: "<a xmlns='" + secret + "'/>", Want: syntax.Unsupported, Place: "1:4"},
		{Name: "xmlns with a prefix", At: "/a/@xmlns:b", Text: "<a xmlns:b='" + secret + "'/>", Want: syntax.Unsupported},
		{Name: "configProtectionProvider", At: "/c/s/add/@value", Text: "<c><s configProtectionProvider='P'><add value='" + secret + "'/></s></c>", Want: syntax.Encrypted, Place: "1:7"},
		{Name: "EncryptedData", At: "/c/s/EncryptedData/CipherData/CipherValue", Text: "<c><s><EncryptedData><CipherData><CipherValue>" + secret + "</CipherValue></CipherData></EncryptedData></s></c>", Want: syntax.Encrypted, Place: "1:7"},
		{Name: "configSource", At: "/c/connectionStrings/add/@x", Text: "<c><connectionStrings configSource='" + secret + "'><add x=''/></connectionStrings></c>", Want: syntax.Shared, Place: "1:23"},
		{Name: "file", At: "/c/appSettings/add/@value", Text: "<c>\n<appSettings file='" + secret + "'><add value=''/></appSettings></c>", Want: syntax.Shared, Place: "2:14"},
		{Name: "configBuilders", At: "/c/appSettings/add/@value", Text: "<c><appSettings configBuilders='S'><add value='" + secret + "'/></appSettings></c>", Want: syntax.Shared, Place: "1:17"},
		{Name: "DOCTYPE", At: "/a", Text: "<!DOCTYPE a [<!ENTITY x '" + secret + "'>]><a>&x;</a>", Want: syntax.Unsupported, Place: "1:1"},
		{Name: "entity of a DTD", At: "/a", Text: "<a>" + secret + "&nbsp;</a>", Want: syntax.Syntax, Place: "1:44"},
		{Name: "XML 1.1", At: "/a", Text: "<?xml version='1.1'?><a>" + secret + "</a>", Want: syntax.Unsupported, Place: "1:1"},
		{Name: "legacy multi-byte", At: "/a", Text: declared("Shift_JIS") + "<a>" + secret + "</a>", Want: syntax.Encoding, Place: "1:31"},
		{Name: "UTF-16 without mark", At: "/a", Text: declared("UTF-16") + "<a>" + secret + "</a>", Want: syntax.Encoding, Place: "1:31"},
		{Name: "really UTF-16 without mark", At: "/a", Text: string(syntaxtest.Wide("<a>"+secret+"</a>", false)[2:]), Want: syntax.Encoding, Place: "1:2"},
		{Name: "UTF-32", At: "/a", Text: "\xff\xfe\x00\x00<\x00\x00\x00", Want: syntax.Encoding, Place: "1:1"},
		{Name: "BOM and ISO-8859-1", At: "/a", Text: "\ufeff" + declared("ISO-8859-1") + "<a>" + secret + "</a>", Want: syntax.Encoding, Place: "1:31"},
		{Name: "UTF-16 and UTF-8", At: "/a", Text: string(syntaxtest.Wide(declared("utf-8")+"<a>"+secret+"</a>", true)), Want: syntax.Encoding, Place: "1:31"},
		{Name: "not UTF-8", At: "/a", Text: "<a>" + secret + "\xff</a>", Want: syntax.Encoding, Place: "1:44"},
		{Name: "not US-ASCII", At: "/a", Text: declared("US-ASCII") + "<a>ä" + secret + "</a>", Want: syntax.Encoding, Place: "1:45"},
		{Name: "NUL in ISO-8859-1", At: "/a", Text: declared("ISO-8859-1") + "<a>" + secret + "\x00</a>", Want: syntax.Encoding},
	})
}

func TestAddressesAreRefusedWithAReason(t *testing.T) {
	for at, reason := range map[string]string{
		"":                         "empty",
		"a/b":                      "a / is due",
		"/":                        "the name of an element",
		"//a":                      "// is not supported",
		"/a//b":                    "// is not supported",
		"/a/*":                     "* is not supported",
		"/a/..":                    "the name of an element",
		"/a/text()":                "functions are not supported: text()",
		"/@a":                      "@ begins the name of an attribute",
		"/a/@":                     "@ begins the name of an attribute",
		"/a/@b/c":                  "@ begins the name of an attribute",
		`/a[@b="x"]/@b`:            "with another value of @b it would lead nowhere",
		"/a/@b[1]":                 "@ begins the name of an attribute",
		"/a[0]":                    "a position from 1",
		"/a[-1]":                   "a position from 1",
		"/a[b='x']":                "a position from 1",
		"/a[last()]":               "a position from 1",
		"/a[1":                     "a ] is missing",
		"/a[99999999999999999999]": "a position from 1",
		"/a[@b]":                   "[@ is followed by",
		"/a[@='x']":                "[@ is followed by",
		"/a[@b=x]":                 `a value in quotes is due: [@b="x"]`,
		"/a[@b='x]":                `a value in quotes is due: [@b="x"]`,
		"/a[@b=":                   `a value in quotes is due: [@b="x"]`,
		"/a[@b='x' and @c]":        "a ] is missing",
		"/a[1]b":                   "a / is due",
		"/a\xff":                   "no valid text",
		"/1a":                      "the name of an element",
	} {
		_, err := syntaxtest.Get(xmldoc.Open, []byte("<a b='x'>1</a>"), at)
		if syntaxtest.KindOf(err) != syntax.BadPointer || !strings.Contains(err.Error(), reason) {
			t.Errorf("%q: got %v, want %q", at, err, reason)
		}
	}
}

func TestBrokenFilesAreRefusedWithTheirPlace(t *testing.T) {
	for text, place := range map[string]string{
		"":                             "1:1",
		" \n":                          "2:1",
		"x<a/>":                        "1:1",
		"<a/>x":                        "1:5",
		"<a/><b/>":                     "1:5",
		"<a>\n<b></a>":                 "2:4",
		"<a>\n<b>":                     "2:1",
		"</a>":                         "1:1",
		"<a></a":                       "1:7",
		"<a></a x>":                    "1:8",
		"<a":                           "1:1",
		"<a b":                         "1:5",
		"<a b=":                        "1:6",
		"<a b=c>":                      "1:6",
		"<a b='c>":                     "1:6",
		"<a b='<'/>":                   "1:7",
		"<a b='1'c='2'/>":              "1:9",
		"<a b='1' b='2'/>":             "1:10",
		"<a b='1' / >":                 "1:10",
		"<a b='&'/>":                   "1:7",
		"<a>&#0;</a>":                  "1:4",
		"<a>&#xD800;</a>":              "1:4",
		"<a>&#x110000;</a>":            "1:4",
		"<a>&#xFFFFFFFFFFFFFFF;</a>":   "1:4",
		"<a>&#X41;</a>":                "1:4",
		"<a>&#;</a>":                   "1:4",
		"<a>&#12a;</a>":                "1:4",
		"<a>&amp</a>":                  "1:4",
		"<a>&;</a>":                    "1:4",
		"<a>]]></a>":                   "1:4",
		"<a>\x01</a>":                  "1:4",
		"<a>\uffff</a>":                "1:4",
		"<a><![CDATA[</a>":             "1:4",
		"<a><![CDATA[\x02]]></a>":      "1:13",
		"<![CDATA[]]><a/>":             "1:1",
		"<a><!-- -- --></a>":           "1:4",
		"<a><!-- ---></a>":             "1:4",
		"<a><!--</a>":                  "1:4",
		"<a><!ELEMENT b></a>":          "1:4",
		"<a><?></a>":                   "1:4",
		"<a><?xml version='1.0'?></a>": "1:4",
		" <?xml version='1.0'?><a/>":   "1:2",
		"<?xml?><a/>":                  "1:1",
		"<?xml version='2.0'?><a/>":    "1:1",
		"<a>< b/></a>":                 "1:4",
		"<1/>":                         "1:1",
	} {
		_, err := xmldoc.Open([]byte(text))
		if syntaxtest.KindOf(err) != syntax.Syntax || !strings.HasPrefix(err.Error(), place+": ") {
			t.Errorf("%q: got %v, want it at %s", text, err, place)
		}
	}
}

func TestWhatOnlyTheSecondParserKnowsIsRefusedOnEditing(t *testing.T) {
	for name, text := range map[string]string{
		"a name of characters that are none": "<a><b x='1'/><\u2028c/></a>",
		"a name of digits of Unicode":        "<a><b x='1'/><\u0661c/></a>",
	} {
		_, err := syntaxtest.Set(xmldoc.Open, []byte(text), "/a/b/@x", "2")
		if syntaxtest.KindOf(err) != syntax.ParserDiffer {
			t.Errorf("%s: %v", name, err)
		}
	}
}
