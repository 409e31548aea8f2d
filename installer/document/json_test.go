package document_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
)

func jsonSamples() []sample {
	slot := document.Slot{At: "/AzureAd/ClientSecret"}
	in := func(name, text, old string) sample {
		return sample{"json: " + name, document.JSONC, slot, text, old}
	}
	all := []sample{
		in("short", `{"AzureAd":{"ClientSecret":«"old"»}}`, "old"),
		in("empty", `{"AzureAd":{"ClientSecret":«""»}}`, ""),
		in("as .NET's templates have it", "\xef\xbb\xbf{\r\n  // the \"ClientSecret\": \"decoy\" of a comment\r\n  \"AzureAd\": {\r\n"+
			"    /* \"ClientSecret\": \"decoy\", */ \"TenantId\": \"t\",\r\n    \"ClientSecret\" : «\"old\"» , // \"ClientSecret\": \"decoy\"\r\n"+
			"  },\r\n  \"Big\": 12345678901234567890, \"e\": 1e5, \"s\": \"\\/\\u00e9\", \"l\": [1, 2,],\r\n}\r\n", "old"),
		in("decoys in values", `{"x":"{\"AzureAd\":{\"ClientSecret\":\"decoy\"}}","ClientSecret":"decoy","AzureAd":{"a":{"ClientSecret":"decoy"},"ClientSecret":«"old"»}}`, "old"),
		in("names in another case", `{"azuread":{"CLIENTSECRET":«"old"»}}`, "old"),
		in("a name with a colon", `{"AzureAd:ClientSecret":«"old"»}`, "old"),
		in("a name with escapes", `{"\u0041zureAd":{"Client\u0053ecret":«"old"»}}`, "old"),
		in("a value with escapes", `{"AzureAd":{"ClientSecret":«"\u00e4\ud83d\ude00\/\"\\\b\f\n\r\t"»}}`, "ä😀/\"\\\b\f\n\r\t"),
		in("no final newline, blanks after", "{\"AzureAd\":{\"ClientSecret\":«\"old\"»}} \t\n\n // end", "old"),
		in("beside other keys of a prefix", `{"AzureAd":{"ClientSecret2":"x","ClientSecre":"y","ClientSecret":«"old"»}}`, "old"),
	}
	at := func(name, pointer, text string) sample {
		return sample{"json: " + name, document.JSONC, document.Slot{At: pointer}, text, "old"}
	}
	return append(
		all,
		at("in an array", "/a/1/b", `{"a":[{"b":"x"},{"b":«"old"»},[],"y",]}`),
		at("an element", "/2", `["x",["y"],«"old"»]`),
		at("a name with a slash and a tilde", "/a~1b/c~0d", `{"a/b":{"c~d":«"old"»}}`),
		at("an empty name", "/", `{"":«"old"»}`),
		at("the whole file", "", ` «"old"» `),
	)
}

func TestJSONThatIsNotSureIsRefused(t *testing.T) {
	const hidden = `"` + entra + `"`
	for _, c := range []struct {
		name, pointer, text string
		want                document.Kind
	}{
		{"missing", "/a/b", `{"a":{"c":` + hidden + `}}`, document.NotFound},
		{"missing in all", "/a", `{}`, document.NotFound},
		{"through a text", "/a/b", `{"a":` + hidden + `}`, document.NotFound},
		{"index beyond", "/1", `[` + hidden + `]`, document.NotFound},
		{"index with a zero", "/00", `[` + hidden + `]`, document.NotFound},
		{"only in a comment", "/a", `{/* "a": ` + hidden + ` */}`, document.NotFound},
		{"twice", "/a", `{"a":` + hidden + `,"a":` + hidden + `}`, document.Ambiguous},
		{"twice in another case", "/Ab", `{"Ab":` + hidden + `,"aB":1}`, document.Ambiguous},
		{"twice by a colon", "/a/b", `{"a":{"b":` + hidden + `},"A:B":1}`, document.Ambiguous},
		{"the way twice", "/a/b", `{"a":{"b":` + hidden + `},"A":{}}`, document.Ambiguous},
		{"a number", "/a", `{"a":1}`, document.NotString},
		{"null", "/a", `{"a":null}`, document.NotString},
		{"a truth value", "/a", `{"a":true}`, document.NotString},
		{"an object", "/a", `{"a":{"b":` + hidden + `}}`, document.NotString},
		{"an array", "/a", `{"a":[` + hidden + `]}`, document.NotString},
		{"sops", "/a", `{"a":"ENC[AES256_GCM,data:x,tag:y,type:str]"}`, document.Encrypted},
		{"half a surrogate pair", "/a", `{"a":"\ud83d"}`, document.Encoding},
		{"a separator in a comment", "/a", "{// x\u2028\n\"a\":" + hidden + "}", document.ParserDiffer},
		{"a carriage return in a comment", "/a", "{// x\r\"a\":" + hidden + "\n}", document.ParserDiffer},
		{"nested too deep", "/a", strings.Repeat("[", document.MaxDepth+1), document.Unsupported},
		{"no pointer", "a", `{"a":` + hidden + `}`, document.BadPointer},
		{"a pointer with a tilde", "/a~2", `{"a":` + hidden + `}`, document.BadPointer},
	} {
		t.Run(c.name, func(t *testing.T) {
			slot := document.Slot{At: c.pointer}
			_, err := document.Find([]byte(c.text), document.JSONC, slot)
			wantKind(t, err, c.want)
			out, err := document.Edit([]byte(c.text), document.JSONC, at(slot, entra))
			wantKind(t, err, c.want)
			if out != nil {
				t.Errorf("got %q beside the error", out)
			}
		})
	}
}

func TestWhatIsNoJSONIsRefusedWhereItIsWrong(t *testing.T) {
	for _, c := range []struct{ text, place string }{
		{``, "1:1"},
		{`{`, "1:2"},
		{`{"a"}`, "1:5"},
		{`{"a":}`, "1:6"},
		{`{"a":"x"`, "1:9"},
		{`{"a":"x" "b":1}`, "1:10"},
		{`{"a":"x"}}`, "1:10"},
		{`{"a":"x"} 1`, "1:11"},
		{`{"a":"x"],`, "1:9"},
		{`{,"a":"x"}`, "1:2"},
		{`{"a":"x",,}`, "1:10"},
		{`{a:"x"}`, "1:2"},
		{`{'a':"x"}`, "1:2"},
		{`{"a":'x'}`, "1:6"},
		{`{"a":x}`, "1:6"},
		{`{"a":nul}`, "1:6"},
		{`{"a":truex}`, "1:10"},
		{`{"a":01}`, "1:6"},
		{`{"a":1.}`, "1:6"},
		{`{"a":.5}`, "1:6"},
		{`{"a":+1}`, "1:6"},
		{`{"a":1e}`, "1:6"},
		{`{"a":-}`, "1:6"},
		{`{"a":0x1}`, "1:6"},
		{`{"a":NaN}`, "1:6"},
		{`{"a":"x}`, "1:6"},
		{`{"a":"\x"}`, "1:7"},
		{`{"a":"\u12"}`, "1:7"},
		{"{\"a\":\"x\ny\"}", "1:8"},
		{"{\"a\":\"x\ty\"}", "1:8"},
		{`{"a":"x"} /`, "1:11"},
		{`{"a":"x"} /* x`, "1:11"},
		{`{"a":"x" # y` + "\n}", "1:10"},
		{"{\"a\":\"x\"}\ufeff", "1:10"},
		{"{\"a\":\u00a0\"x\"}", "1:6"},
	} {
		_, err := document.Find([]byte(c.text), document.JSONC, document.Slot{At: "/a"})
		if kindOf(err) != document.Syntax || !strings.HasPrefix(err.Error(), c.place+": ") {
			t.Errorf("%q: got %v (%s), want %s", c.text, err, kindOf(err), c.place)
		}
	}
}

// A mistake or a second place behind the value counts, too.
func TestJSONIsReadToItsEnd(t *testing.T) {
	for text, want := range map[string]document.Kind{
		`{"a":"x", "b":}`: document.Syntax, `{"a":"x", "b":[{"c":1}], "A":2}`: document.Ambiguous,
	} {
		_, err := document.Edit([]byte(text), document.JSONC, at(document.Slot{At: "/a"}, "y"))
		wantKind(t, err, want)
	}
}

// Find and Edit at the deepest nesting must neither recurse without bound nor
// take long.
func TestDeepNestingIsRead(t *testing.T) {
	const depth = 5000
	text := strings.Repeat(`{"a":`, depth) + `"x"` + strings.Repeat("}", depth)
	slot := document.Slot{At: strings.Repeat("/a", depth)}
	out := mustEdit(t, []byte(text), document.JSONC, at(slot, "y"))
	if want := strings.Replace(text, `"x"`, `"y"`, 1); string(out) != want {
		t.Error("another text")
	}
}
