package kubernetes_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/jsonc"
	"github.com/empowersuite/backend-installer/installer/document/kubernetes"
	"github.com/empowersuite/backend-installer/installer/document/properties"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
)

const (
	secret = syntaxtest.Entra
	head   = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: backend\n"
)

func open(src []byte) (syntax.File, error) {
	return kubernetes.Open(src, func(format string, src []byte) (syntax.File, error) {
		switch format {
		case "jsonc":
			return jsonc.Open(src)
		case "properties":
			return properties.Open(src)
		}
		return nil, &syntax.Error{Kind: syntax.Unsupported, Reason: "no such format"}
	})
}

func samples() []syntaxtest.Sample {
	in := func(name, at, text, old string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: at, Text: text, Old: old}
	}
	const other = "apiVersion: v1\nkind: ConfigMap\ndata: {key: decoy}\n---\n"
	return []syntaxtest.Sample{
		in("stringData", "/stringData/key", head+"stringData:\n  key: «old» # why\n", "old"),
		in("data", "/data/key", head+"data:\n  other: eA==\n  key: «b2xk» # why\n", "old"),
		in("data in quotes", "/data/key", head+"data: {key: «\"b2xk\"»}\n", "old"),
		in("data in a block", "/data/key", head+"data:\n  key: «|\n    b2\n    xk»\ntype: Opaque\n", "old"),
		in("data, empty", "/data/key", head+"data:\n  key: «\"\"»\n", ""),
		in("JSON", "/data/key", `{"apiVersion":"v1","kind":"Secret","data":{"key":«"b2xk"»}}`, "old"),
		in("beside another kind", "/data/key", other+head+"data:\n  key: «b2xk»\n", "old"),
		in("by its name", "second:/stringData/key", head+"stringData: {key: x}\n---\n"+strings.Replace(head, "backend", "second", 1)+"stringData: {key: «old»}\n", "old"),
		in("by its namespace", "b/s:/stringData/key", "kind: Secret\nmetadata: {name: s, namespace: a}\nstringData: {key: x}\n---\nkind: Secret\nmetadata: {name: s, namespace: b}\nstringData: {key: «old»}\n", "old"),
		in("the only one that has the key", "/stringData/key", "kind: Secret\nstringData: {x: y}\n---\nkind: Secret\nstringData: {key: «old»}\n", "old"),
		in("beside a Secret of another group", "/stringData/key", "apiVersion: example.com/v1\nkind: Secret\nstringData: {key: x}\n---\n"+head+"stringData: {key: «old»}\n", "old"),
		in("beside what a controller keeps", "/stringData/key", "kind: SealedSecret\nspec: {key: x}\n---\n"+head+"stringData: {key: «old»}\n", "old"),
		in("that may change", "/stringData/key", head+"immutable: false\nstringData: {key: «old»}\n", "old"),
		in("named by an alias", "backend:/stringData/key", "x: &m {name: backend}\nkind: Secret\nmetadata: *m\nstringData: {key: «old»}\n", "old"),
		in("with an annotation of another value", "/data/key", "kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      {\"data\":{\"key\":\"b3RoZXI=\",\"k\":\"b2xk\"}}\ndata:\n  key: «b2xk»\n", "old"),
		in("CRLF and a mark", "/data/key", "\ufeff"+strings.ReplaceAll(head+"data:\n  key: «|-\n    b2\n    xk»\ntype: Opaque\n", "\n", "\r\n"), "old"),
		in("a key that has no value", "/data/key", head+"data:\n  key:«»\n  z: eA==\n", ""),
		in("a key with dots and dashes", "/data/tls.key-1_a", head+"data:\n  tls.key-1_a: «b2xk»\n", "old"),
		in("in a list of Secrets", "t:/data/key", "{\"kind\": \"SecretList\", \"items\": [{\"kind\": \"Secret\", \"metadata\": {\"name\": \"t\"}, \"data\": {\"key\": «\"b2xk\"»}}]}", "old"),
		in("in a List", "s:/stringData/key", "apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  metadata: {name: t}\n  stringData: {key: x}\n- kind: Secret\n  metadata: {name: s}\n  stringData:\n    key: «old»\n", "old"),
	}
}

func nested() []syntaxtest.Sample {
	in := func(name, at, text, old string) syntaxtest.Sample {
		return syntaxtest.Sample{Name: name, At: at, Text: text, Old: old}
	}
	return []syntaxtest.Sample{
		in("JSON in a literal block", "/stringData/app.json#jsonc:/a/b", head+"stringData:\n  app.json: |\n    { // x\n      \"a\" : {\"b\": «\"old\"»,}\n\n    }\n  z: y\n", "old"),
		in("JSON in a block with CRLF", "/stringData/app.json#jsonc:/b", strings.ReplaceAll(head+"stringData:\n  app.json: |-\n      {\n        \"b\": «\"old\"»\n      }\n", "\n", "\r\n"), "old"),
		in("properties in a block that is kept", "/stringData/app#properties:x.y", head+"stringData:\n  app: |+\n    # c\n    x.y = «old»\n\n", "old"),
		in("JSON in base64", "/data/app.json#jsonc:/b", head+"data:\n  app.json: «eyJiIjogIm9sZCJ9»\n", "old"),
		in("JSON in a folded block", "/stringData/app.json#jsonc:/b", head+"stringData:\n  app.json: «>-\n    {\"b\":\n    \"old\"}»\n", "old"),
		in("JSON in a block with a digit", "/stringData/app.json#jsonc:/b", head+"stringData:\n  app.json: |2-\n      {\n    \"b\": «\"old\"» }\n", "old"),
		in("JSON without quotes", "/stringData/app.json#jsonc:/0", head+"stringData:\n  app.json: «'[\"old\"]'»\n", "old"),
		in("JSON in JSON", "/stringData/app.json#jsonc:/b", `{"kind":"Secret","stringData":{"app.json":«"{\"b\":\"old\"}"»}}`, "old"),
		in("an address with number signs and colons", "backend:/stringData/app.json#jsonc:/a:b#c", head+"stringData:\n  app.json: |\n    {\"a:b#c\": «\"old\"»}\n", "old"),
		in("JSON in quotes", "/stringData/app.json#jsonc:/b", head+"stringData:\n  app.json: «'{\"b\": \"old\"}'»\n", "old"),
	}
}

func carries(s syntaxtest.Sample, value string) bool {
	return strings.Contains(value, "{{") || strings.Contains(s.At, "#properties") && strings.ContainsAny(value, "$#")
}

func TestALawfulEditOfAManifest(t *testing.T) {
	syntaxtest.Run(t, open, samples(), carries)
	syntaxtest.Run(t, open, nested(), carries)
}

func TestACarelessEncoderGetsNothingWrongThrough(t *testing.T) {
	syntaxtest.Mutation(t, open, append(samples(), nested()...), 500)
}

func FuzzKubernetes(f *testing.F) {
	syntaxtest.Fuzz(f, open, append(samples(), nested()...))
}

func TestOnlyTheInnerValueOfABlockChanges(t *testing.T) {
	const before, after = head + "stringData:\n  app.json: |\n    {   // why\n\n      \"b\": ", "  ,\n       \"z\" :1 }\n  y: x\n"
	out, err := syntaxtest.Set(open, []byte(before+`"old"`+after), "/stringData/app.json#jsonc:/b", secret)
	if want := before + `"` + secret + `"` + after; err != nil || string(out) != want {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
}

func TestSeveralPlacesOfOneInnerFileAreChangedAtOnce(t *testing.T) {
	src := []byte(head + "stringData:\n  app.json: |\n    {\"a\": \"one\",\n     \"b\": \"two\"}\n")
	f, err := open(src)
	if err != nil {
		t.Fatal(err)
	}
	var edits []syntax.Edit
	for _, at := range []string{"a", "b"} {
		v, err := f.Find("/stringData/app.json#jsonc:/" + at)
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Replace(v, "new "+at)
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, e)
	}
	body, out := f.Text().Edited(syntax.Splices(edits))
	if err := f.Verify(body, edits); err != nil || !strings.Contains(string(out), "{\"a\": \"new a\",\n     \"b\": \"new b\"}") {
		t.Errorf("got %q, %v", out, err)
	}
	if err := f.Verify(body, edits[:1]); !syntax.Is(err, syntax.Verify) {
		t.Errorf("an edit too many is %v", err)
	}
}

func TestAKeyIsAddedToASecret(t *testing.T) {
	add := func(name, at, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: at, Value: "new", Text: text, Want: want}
	}
	syntaxtest.Additions(t, open, []syntaxtest.Addition{
		add("to stringData", "/stringData/key", head+"stringData:\n  a: x\n", head+"stringData:\n  a: x\n  key: new\n"),
		add("to data", "/data/key", head+"data:\n  a: eA==\ntype: Opaque\n", head+"data:\n  a: eA==\n  key: bmV3\ntype: Opaque\n"),
		add("to empty braces", "/data/key", head+"data: {}\n", head+"data: {key: bmV3}\n"),
		add("to the one that is named", "s:/data/key", "kind: Secret\nmetadata: {name: t}\ndata: {}\n---\nkind: Secret\nmetadata: {name: s}\ndata: {}\n", "kind: Secret\nmetadata: {name: t}\ndata: {}\n---\nkind: Secret\nmetadata: {name: s}\ndata: {key: bmV3}\n"),
		add("to a file in a block", "/stringData/app.json#jsonc:/key", head+"stringData:\n  app.json: |\n    {\n      \"a\": 1\n    }\n", head+"stringData:\n  app.json: |\n    {\n      \"a\": 1,\n      \"key\": \"new\"\n    }\n"),
		add("to the end of a file in a block", "/stringData/app#properties:x.key", head+"stringData:\n  app: |\n    x.a = b\n  z: y\n", head+"stringData:\n  app: |\n    x.a = b\n    x.key = new\n  z: y\n"),
		add("to the end of a file that has no line end", "/stringData/app#properties:x.key", head+"stringData:\n  app: |-\n    x.a = b\n", head+"stringData:\n  app: |-\n    x.a = b\n    x.key = new\n"),
		add("before an empty line of a block", "/stringData/app#properties:x.key", head+"stringData:\n  app: |\n    x.a = b\n\n    y = z\n", head+"stringData:\n  app: |\n    x.a = b\n    x.key = new\n\n    y = z\n"),
		add("before an empty line of a block with CRLF", "/stringData/app#properties:x.key", head+"stringData:\r\n  app: |\r\n    x.a = b\r\n  \r\n    y = z\r\n", head+"stringData:\r\n  app: |\r\n    x.a = b\r\n    x.key = new\r\n\r\n    y = z\r\n"),
		add("to a key that has no value", "/stringData/key", head+"stringData:\ntype: Opaque\n", head+"stringData:\n  key: new\ntype: Opaque\n"),
		add("to empty braces", "/data/key", head+"data: {}\n", head+"data: {key: bmV3}\n"),
		add("to the one that is named", "b:/stringData/key", head+"stringData: {x: y}\n---\nkind: Secret\nmetadata: {name: b}\nstringData: {x: y}\n", head+"stringData: {x: y}\n---\nkind: Secret\nmetadata: {name: b}\nstringData: {x: y, key: new}\n"),
		add("to JSON", "/data/key", "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": \"eA==\"\n  }\n}\n", "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": \"eA==\",\n    \"key\": \"bmV3\"\n  }\n}\n"),
		add("to a Secret in a List", "/stringData/key", "kind: List\nitems:\n- kind: Secret\n  stringData:\n    a: 'x'\n- kind: ConfigMap\n", "kind: List\nitems:\n- kind: Secret\n  stringData:\n    a: 'x'\n    key: 'new'\n- kind: ConfigMap\n"),
		add("to a file in quotes", "/stringData/app.json#jsonc:/key", head+"stringData:\n  app.json: '{}'\n", head+"stringData:\n  app.json: '{\"key\": \"new\"}'\n"),
		add("to a file in base64", "/data/app.json#jsonc:/key", head+"data:\n  app.json: e30=\n", head+"data:\n  app.json: eyJrZXkiOiAibmV3In0=\n"),
	})
}
