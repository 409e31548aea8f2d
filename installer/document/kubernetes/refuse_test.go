package kubernetes_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

// applied is a Secret that kubectl has written.
func applied(annotation string) string {
	return "kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '" + annotation + "'\n"
}

func TestAManifestThatIsNotSureIsRefused(t *testing.T) {
	refuse := func(name, at, text string, want syntax.Kind) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want}
	}
	syntaxtest.Refusals(t, open, []syntaxtest.Refusal{
		refuse("no Secret", "/stringData/key", "kind: ConfigMap\nstringData: {key: "+secret+"}\n", syntax.NotFound),
		refuse("no such name", "x:/stringData/key", head+"stringData: {key: "+secret+"}\n", syntax.NotFound),
		refuse("no such key", "/stringData/key", head+"stringData: {a: "+secret+"}\n", syntax.NotFound),
		refuse("no such field", "/data/other", head+"stringData: {key: "+secret+"}\n", syntax.NotFound),
		refuse("in the other field", "/data/key", head+"data: {}\nstringData: {key: "+secret+"}\n", syntax.Ambiguous),
		refuse("in both fields", "/data/key", head+"data: {key: eA==}\nstringData: {key: "+secret+"}\n", syntax.Ambiguous),
		refuse("in both fields, the other one", "/stringData/key", head+"data: {key: eA==}\nstringData: {key: "+secret+"}\n", syntax.Ambiguous),
		refuse("in two Secrets", "/stringData/key", head+"stringData: {key: "+secret+"}\n---\n"+head+"stringData: {key: x}\n", syntax.Ambiguous),
		refuse("immutable", "/stringData/key", head+"immutable: true\nstringData: {key: "+secret+"}\n", syntax.Unsupported),
		refuse("immutable in other words", "/stringData/key", head+"immutable: Yes\nstringData: {key: "+secret+"}\n", syntax.Unsupported),
		refuse("immutable by an alias", "/stringData/key", head+"x: &x true\nimmutable: *x\nstringData: {key: "+secret+"}\n", syntax.Unsupported),
		refuse("immutable by a merge", "/stringData/key", "x: &x {immutable: true}\n"+head+"<<: *x\nstringData: {key: "+secret+"}\n", syntax.Shared),
		refuse("the other field by a merge", "/stringData/key", "x: &x {key: eA==}\n"+head+"data:\n  <<: *x\nstringData: {key: "+secret+"}\n", syntax.Shared),
		refuse("the other field by an alias", "/stringData/key", "x: &x {key: eA==}\n"+head+"data: *x\nstringData: {key: "+secret+"}\n", syntax.Shared),
		refuse("of another group", "/stringData/key", "apiVersion: example.com/v1\nkind: Secret\nstringData: {key: "+secret+"}\n", syntax.NotFound),
		refuse("two kinds", "/stringData/key", "kind: Secret\nkind: ConfigMap\nstringData: {key: "+secret+"}\n", syntax.Ambiguous),
		refuse("two names", "/stringData/key", head+"metadata: {name: x}\nstringData: {key: "+secret+"}\n", syntax.Ambiguous),
		refuse("the field twice", "/stringData/key", head+"stringData: {key: "+secret+"}\nstringData: {}\n", syntax.Ambiguous),
		refuse("the key twice", "/stringData/key", head+"stringData: {key: "+secret+", key: x}\n", syntax.Ambiguous),
		refuse("items that are used twice", "/stringData/key", "kind: List\nitems: &x\n- kind: Secret\n  stringData: {key: "+secret+"}\nagain: *x\n", syntax.Shared),
		refuse("an item that is used twice", "/stringData/key", "kind: List\nitems:\n- &x\n  kind: Secret\n  stringData: {key: "+secret+"}\n- *x\n", syntax.Shared),
		refuse("items that are none", "/stringData/key", "kind: List\nitems: {kind: Secret, stringData: {key: "+secret+"}}\n", syntax.Unsupported),
		refuse("items that are none, beside a Secret", "/stringData/key", head+"stringData: {key: "+secret+"}\n---\nkind: List\nitems: {a: b}\n", syntax.Unsupported),
		refuse("a number", "/stringData/key", head+"stringData: {key: 1, a: "+secret+"}\n", syntax.NotString),
		refuse("a template's expression", "/stringData/key", head+"stringData: {key: '{{ "+secret+" }}'}\n", syntax.Templated),
		refuse("a file with an expression", "/stringData/key#jsonc:/a", head+"stringData:\n  key: |\n    {\"a\": \""+secret+"\", \"b\": \"{{ x }}\"}\n", syntax.Templated),
		refuse("base64 with a blank", "/data/key", head+"data:\n  key: b2\n    xk\n", syntax.Encoding),
		refuse("base64 of URLs", "/data/key", head+"data: {key: _-8=}\n", syntax.Encoding),
		refuse("base64 without its padding", "/data/key", head+"data: {key: eA}\n", syntax.Encoding),
		refuse("no base64", "/data/key", head+"data: {key: "+secret+"}\n", syntax.Encoding),
		refuse("no text", "/data/key", head+"data: {key: /w==}\n", syntax.Encoding),
		refuse("copied by kubectl in base64", "/stringData/key", applied(`{"data":{"key":"eHh4eA=="}}`)+"stringData: {key: xxx}\n", syntax.Unsupported),
		refuse("copied by kubectl, of base64", "/data/key", applied(`{"stringData":{"key":"xxxx"}}`)+"data: {key: eHh4eA==}\n", syntax.Unsupported),
		refuse("copied by kubectl, a file", "/stringData/key#jsonc:/a", applied(`{"stringData":{"key":"{\n\"a\": \"xxxx\"}"}}`)+"stringData:\n  key: |\n    {\"a\": \"xxxx\"}\n", syntax.Unsupported),
		refuse("copied by another program", "/stringData/key", applied("x: xxxx")+"stringData: {key: xxxx}\n", syntax.Unsupported),
		refuse("copied by another program in base64", "/stringData/key", applied("x: \"eHh4eA==\"")+"stringData: {key: xxxx}\n", syntax.Unsupported),
		refuse("copied by kubectl", "/stringData/key", "kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"stringData\":{\"key\":\""+secret+"\"}}'\nstringData: {key: "+secret+"}\n", syntax.Unsupported),
		refuse("sealed, by its name", "x:/data/key", head+"---\nkind: SealedSecret\nmetadata: {name: x}\nspec: {key: "+secret+"}\n", syntax.Encrypted),
		refuse("sealed, in a List", "/data/key", "kind: List\nitems:\n- kind: ExternalSecret\n  spec: {key: "+secret+"}\n", syntax.Encrypted),
		refuse("sealed", "/stringData/key", "kind: SealedSecret\nspec: {key: "+secret+"}\n", syntax.Encrypted),
		refuse("sops", "/stringData/key", head+"stringData: {key: "+secret+"}\nsops: {mac: x}\n", syntax.Encrypted),
		refuse("an anchor in use", "/stringData/key", head+"stringData: {key: &x "+secret+", y: *x}\n", syntax.Shared),
		refuse("an alias", "/stringData/key", head+"stringData: {y: &x "+secret+", key: *x}\n", syntax.Shared),
		refuse("a file that is none", "/stringData/key#jsonc:/a", head+"stringData: {key: "+secret+"}\n", syntax.Syntax),
		refuse("a place that the file lacks", "/stringData/key#jsonc:/a", head+"stringData: {key: '{}'}\n", syntax.NotFound),
		refuse("a format that is none", "/stringData/key#x:/a", head+"stringData: {key: '{}'}\n", syntax.Unsupported),
		refuse("no YAML", "/stringData/key", head+"stringData: {key: "+secret+"\n", syntax.Syntax),
		refuse("no field of a Secret", "/spec/key", head, syntax.BadPointer),
		refuse("too deep", "/data/key/x", head, syntax.BadPointer),
		refuse("no pointer", "data/key", head, syntax.BadPointer),
		refuse("no object", ":/data/key", head, syntax.BadPointer),
		refuse("no format", "/data/key#/a", head, syntax.BadPointer),
	})
}

func TestWhatCannotBeAddedToASecretIsRefused(t *testing.T) {
	for _, c := range []struct {
		at, text string
		want     syntax.Kind
	}{
		{"/stringData/key", head + "stringData: {key: " + secret + "}\n", syntax.Present},
		{"/data/key", head + "stringData: {key: " + secret + "}\ndata: {}\n", syntax.Ambiguous},
		{"/data/key", head + "stringData: {a: " + secret + "}\n", syntax.NotFound},
		{"x:/stringData/key", head + "stringData: {a: " + secret + "}\n", syntax.NotFound},
		{"/stringData/key", head + "stringData: {a: x}\n---\n" + head + "stringData: {a: x}\n", syntax.Ambiguous},
		{"/stringData/key", head + "immutable: true\nstringData: {a: x}\n", syntax.Unsupported},
		{"/stringData/key", head + "stringData: " + secret + "\n", syntax.Unsupported},
		{"/stringData/key", head + "stringData: [" + secret + "]\n", syntax.Unsupported},
		{"/stringData/key", head + "stringData: &x {a: b}\ny: *x\n", syntax.Shared},
		{"/stringData/key", "x: &x {key: y}\n" + head + "stringData:\n  <<: *x\n", syntax.Shared},
		{"/stringData/app#jsonc:/a", head + "stringData: {a: x}\n", syntax.NotFound},
		{"/stringData/app#jsonc:/a", head + "stringData: {app: '{\"a\": 1}'}\n", syntax.Present},
		{"/stringData/app#jsonc:/a/b", head + "stringData: {app: '{\"a\": 1}'}\n", syntax.Unsupported},
		{"/stringData/app#properties:x", head + "stringData:\n  app: |+\n    a = b\n\n  z: y\n", syntax.Unsupported},
		{"/spec/key", head + "spec: {}\n", syntax.BadPointer},
	} {
		out, err := syntaxtest.Add(open, []byte(c.text), c.at, secret)
		if syntaxtest.KindOf(err) != c.want || out != nil {
			t.Errorf("%s to %q: got %q, %v (%s), want %s", c.at, c.text, out, err, syntaxtest.KindOf(err), c.want)
		}
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", c.at, err)
		}
	}
}

func TestAValueThatTheAnnotationHoldsIsNotWritten(t *testing.T) {
	src := []byte(applied(`{"stringData":{"key":"one","b":"two","app":"{\"a\": \"three\"}"}}`) + "stringData: {key: x, app: '{\"a\": \"y\"}'}\n")
	for _, c := range []struct {
		at, value string
		want      syntax.Kind
	}{
		{"/stringData/key", "one", syntax.Unrepresent},
		{"/stringData/key", "two", ""},
		{"/stringData/key", "", ""},
		{"/stringData/app#jsonc:/a", "three", syntax.Unrepresent},
		{"/stringData/app#jsonc:/a", "four", ""},
	} {
		if _, err := syntaxtest.Set(open, src, c.at, c.value); syntaxtest.KindOf(err) != c.want {
			t.Errorf("%s set to %s: %v, want %s", c.at, c.value, err, c.want)
		}
	}
	if _, err := syntaxtest.Add(open, src, "/stringData/b", "two"); !syntax.Is(err, syntax.Unrepresent) {
		t.Errorf("added: %v", err)
	}
}

func TestWhatIsNoAddressSaysWhy(t *testing.T) {
	for at, want := range map[string]string{
		"":                      "/data/ or /stringData/ is wanted",
		"data/key":              "/data/ or /stringData/ is wanted",
		"/spec/key":             "/data/ or /stringData/ is wanted",
		"a:key":                 "part of a JSON Pointer",
		"/data/~2":              "part of a JSON Pointer",
		":/data/key":            "no name of a Secret",
		"a/b/c:/data/key":       "no name of a Secret",
		"/data":                 "the key is missing",
		"/data/":                "the key is missing",
		"/data/key/a":           "named with #",
		"/data/key#":            "a format and a colon",
		"/data/key#json":        "a format and a colon",
		"/data/key#:/a":         "a format and a colon",
		"backend:/data/key#/a":  "a format and a colon",
		"/data/\xffkey#jsonc:/": "part of a JSON Pointer",
	} {
		f, err := open([]byte(head))
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Find(at)
		if !syntax.Is(err, syntax.BadPointer) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", at, err, want)
		}
		if _, err := f.Add(at, "x"); !syntax.Is(err, syntax.BadPointer) {
			t.Errorf("%q, added: %v", at, err)
		}
	}
}

func TestARefusalNamesWhatToDo(t *testing.T) {
	for text, want := range map[string]string{
		head + "stringData: {key: a}\n---\nkind: Secret\nmetadata: {name: b, namespace: c}\nstringData: {key: a}\n": "name one of them, as in backend:/stringData/key",
		head + "immutable: true\nstringData: {key: a}\n":                                                            "create a new one",
		applied(`{"stringData":{"key":"a"}}`) + "stringData: {key: a}\n":                                            "remove the annotation",
		head + "data: {key: YQ==}\nstringData: {key: a}\n":                                                          "leave it in one of them",
	} {
		_, err := syntaxtest.Get(open, []byte(text), "/stringData/key")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}
