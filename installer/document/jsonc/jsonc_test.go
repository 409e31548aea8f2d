package jsonc_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

func TestALawfulEditOfJSON(t *testing.T) {
	syntaxtest.Run(t, jsonc.Open, samples(), nil)
}

func TestJSONOfTheRFCIsReadWithItsOwnNames(t *testing.T) {
	syntaxtest.Run(t, jsonc.OpenStrict, []syntaxtest.Sample{
		{Name: "another case is another name", At: "/a/B", Text: `{"A":{"B":"x"},"a":{"b":"y","B":«"old"»}}`, Old: "old"},
		{Name: "a colon is a letter", At: "/a/b", Text: `{"a:b":"x","a":{"b":«"old"»}}`, Old: "old"},
		{Name: "a colon in the name", At: "/a:b", Text: `{"a":{"b":"x"},"a:b":«"old"»}`, Old: "old"},
		{Name: "a slash and a tilde", At: "/a~1b/~0", Text: `{"a":{"b":{"~":"x"}},"a/b":{"~":«"old"»}}`, Old: "old"},
	}, nil)
	syntaxtest.Refusals(t, jsonc.OpenStrict, []syntaxtest.Refusal{
		refuse("a comment", "/a", "{// x\n\"a\":\""+syntaxtest.Entra+`"}`, syntax.Syntax, "1:2: "),
		refuse("a trailing comma", "/a", `{"a":"`+syntaxtest.Entra+`",}`, syntax.Syntax, "1:49: "),
		refuse("the name twice", "/a", `{"a":"`+syntaxtest.Entra+`","a":1}`, syntax.Ambiguous, "1:53: "),
	})
}

func TestACarelessEncoderGetsNothingWrongThrough(t *testing.T) {
	syntaxtest.Mutation(t, jsonc.Open, samples(), 1000)
	syntaxtest.Mutation(t, jsonc.OpenStrict, slices.DeleteFunc(samples(), func(s syntaxtest.Sample) bool {
		_, err := syntaxtest.Get(jsonc.OpenStrict, s.Source(), s.At)
		return err != nil
	}), 300)
}

func FuzzJSONC(f *testing.F) { syntaxtest.Fuzz(f, jsonc.Open, samples()) }

func FuzzJSON(f *testing.F) { syntaxtest.Fuzz(f, jsonc.OpenStrict, samples()) }

func refuse(name, at, text string, want syntax.Kind, place string) syntaxtest.Refusal {
	return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want, Place: place}
}

func samples() []syntaxtest.Sample {
	in := func(name, text, old string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: "/AzureAd/ClientSecret", Text: text, Old: old}
	}
	at := func(name, pointer, text string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: pointer, Text: text, Old: "old"}
	}
	return []syntaxtest.Sample{
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
		at("in an array", "/a/1/b", `{"a":[{"b":"x"},{"b":«"old"»},[],"y",]}`),
		at("an element", "/2", `["x",["y"],«"old"»]`),
		at("a name with a slash and a tilde", "/a~1b/c~0d", `{"a/b":{"c~d":«"old"»}}`),
		at("an empty name", "/", `{"":«"old"»}`),
		at("the whole file", "", ` «"old"» `),
	}
}

func TestJSONThatIsNotSureIsRefused(t *testing.T) {
	const hidden = `"` + syntaxtest.Entra + `"`
	syntaxtest.Refusals(t, jsonc.Open, []syntaxtest.Refusal{
		refuse("missing", "/a/b", `{"a":{"c":`+hidden+`}}`, syntax.NotFound, ""),
		refuse("missing in all", "/a", `{}`, syntax.NotFound, ""),
		refuse("through a text", "/a/b", `{"a":`+hidden+`}`, syntax.NotFound, ""),
		refuse("index beyond", "/1", `[`+hidden+`]`, syntax.NotFound, ""),
		refuse("index with a zero", "/00", `[`+hidden+`]`, syntax.NotFound, ""),
		refuse("only in a comment", "/a", `{/* "a": `+hidden+` */}`, syntax.NotFound, ""),
		refuse("twice", "/a", `{"a":`+hidden+`,"a":`+hidden+`}`, syntax.Ambiguous, ""),
		refuse("twice in another case", "/Ab", `{"Ab":`+hidden+`,"aB":1}`, syntax.Ambiguous, ""),
		refuse("twice by a colon", "/a/b", `{"a":{"b":`+hidden+`},"A:B":1}`, syntax.Ambiguous, ""),
		refuse("the way twice", "/a/b", `{"a":{"b":`+hidden+`},"A":{}}`, syntax.Ambiguous, ""),
		refuse("a number", "/a", `{"a":1}`, syntax.NotString, ""),
		refuse("null", "/a", `{"a":null}`, syntax.NotString, ""),
		refuse("a truth value", "/a", `{"a":true}`, syntax.NotString, ""),
		refuse("an object", "/a", `{"a":{"b":`+hidden+`}}`, syntax.NotString, ""),
		refuse("an array", "/a", `{"a":[`+hidden+`]}`, syntax.NotString, ""),
		refuse("sops", "/a", `{"a":"ENC[AES256_GCM,data:x,tag:y,type:str]"}`, syntax.Encrypted, ""),
		refuse("half a surrogate pair", "/a", `{"a":"\ud83d"}`, syntax.Encoding, ""),
		refuse("a separator in a comment", "/a", "{// x\u2028\n\"a\":"+hidden+"}", syntax.ParserDiffer, ""),
		refuse("a carriage return in a comment", "/a", "{// x\r\"a\":"+hidden+"\n}", syntax.ParserDiffer, ""),
		refuse("nested too deep", "/a", strings.Repeat("[", syntax.MaxDepth+1), syntax.Unsupported, ""),
		refuse("no pointer", "a", `{"a":`+hidden+`}`, syntax.BadPointer, ""),
		refuse("a pointer with a tilde", "/a~2", `{"a":`+hidden+`}`, syntax.BadPointer, ""),
	})
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
		_, err := syntaxtest.Get(jsonc.Open, []byte(c.text), "/a")
		if syntaxtest.KindOf(err) != syntax.Syntax || !strings.HasPrefix(err.Error(), c.place+": ") {
			t.Errorf("%q: got %v (%s), want %s", c.text, err, syntaxtest.KindOf(err), c.place)
		}
	}
}

// A mistake or a second place behind the value counts, too.
func TestJSONIsReadToItsEnd(t *testing.T) {
	for text, want := range map[string]syntax.Kind{
		`{"a":"x", "b":}`: syntax.Syntax, `{"a":"x", "b":[{"c":1}], "A":2}`: syntax.Ambiguous,
	} {
		if _, err := syntaxtest.Set(jsonc.Open, []byte(text), "/a", "y"); syntaxtest.KindOf(err) != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}
