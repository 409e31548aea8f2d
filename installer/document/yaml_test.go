package document_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
)

func yamlSamples() []sample {
	in := func(name, pointer, text, old string) sample {
		return sample{"yaml: " + name, document.YAML, document.Slot{At: pointer}, text, old}
	}
	return []sample{
		in("plain", "/a/b", "a:\n  b: «old»\n  c: x\n", "old"),
		in("plain with a comment", "/a", "# a: decoy\na:   «old»   # a: decoy\nb: 1\n", "old"),
		in("plain, several words", "/a", "a: «two words»\n", "two words"),
		in("plain, several lines", "/a", "a: «two\n  words\n\n  apart»\nb: x\n", "two words\napart"),
		in("double quotes", "/a", "a: «\"old\"» # x\n", "old"),
		in("double quotes with escapes", "/a", "a: «\"\\x41\\u00e9\\U0001F600\\t\\\"\\N\"»\n", "Aé😀\t\"\u0085"),
		in("double quotes, several lines", "/a", "a: «\"one\n  two\\\n  three\n\n  four\"»\nb: x\n", "one twothree\nfour"),
		in("single quotes", "/a", "a: «'it''s'» # x\n", "it's"),
		in("single quotes, several lines", "/a", "a: «'one\n  two'»\n", "one two"),
		in("empty quotes", "/a", "a: «\"\"»\nb: ''\n", ""),
		in("nothing", "/a", "a:«»\nb: x\n", ""),
		in("nothing, with a comment", "/a", "a:«» # x\nb: x\n", ""),
		in("nothing, at the end", "/a", "b: x\na:«»", ""),
		in("a flow map", "/a/b", "a: {x: 1, b: «old», \"c\": [b, old]}\n", "old"),
		in("a flow map of JSON", "/a/b", "{\"a\": {\"b\": «\"old\"»}, \"c\": 1}\n", "old"),
		in("a flow list", "/a/1", "a: [x, «old» , y]\n", "old"),
		in("a list", "/a/1/b", "a:\n- b: x\n- b: «old»\n  c: y\n", "old"),
		in("an element", "/1", "- x\n- «old»\n", "old"),
		in("literal", "/a", "a: «|\n  old»\nb: x\n", "old\n"),
		in("literal, stripped", "/a", "a: «|-\n    old»\nb: x\n", "old"),
		in("literal, kept", "/a", "a: «|+\n  old»\n\nb: x\n", "old\n\n"),
		in("literal, its own indentation", "/a", "a: «|2-\n    old»\nb: x\n", "  old"),
		in("literal, a comment", "/a", "a: «|- # why\n  one\n\n  two»\n# after\nb: x\n", "one\n\ntwo"),
		in("folded", "/a", "a: «>\n  one\n  two\n\n  three»\nb: x\n", "one two\nthree\n"),
		in("folded, stripped", "/a/b", "a:\n  b: «>-\n    one\n      more\n    two»\n  c: x\n", "one\n  more\ntwo"),
		in("literal, no final newline", "/a", "a: «|-\n  old»", "old"),
		in("an anchor that nobody uses", "/a", "a: &x «old»\n", "old"),
		in("a tag of texts", "/a", "a: !!str «old»\n", "old"),
		in("the mark and CRLF", "/a", "\xef\xbb\xbf# ü\r\na: «old»\r\nb:\r\n  - x\r\n", "old"),
		in("CRLF, literal", "/a", "a: «|-\r\n  one\r\n  two»\r\nb: x\r\n", "one\ntwo"),
		in("no final newline", "/a", "a: «old»", "old"),
		in("characters before it on the line", "/c", "{ü: 漢, 😀: x, c: «old»}\n", "old"),
		in("one of several documents", "/a", "%YAML 1.1\n---\nb: x\n...\n---\na: «old»\n--- # x\nc: y\n", "old"),
		in("a key in quotes", "/a b", "\"a b\": «old»\n", "old"),
		in("a key with a slash", "/a~1b", "a/b: «old»\n", "old"),
		in("a key that reads as a number", "/1", "1: «old»\n", "old"),
		in("a key far from its value", "/a", "a:\n\n    # why\n\n    «old»\nb: x\n", "old"),
		in("other places with anchors and merges", "/d", "a: &a {x: 1}\nb: *a\nc:\n  <<: *a\nd: «old»\n", "old"),
		in("a Secret of Kubernetes", "/stringData/x", "apiVersion: v1\nkind: Secret\ndata:\n  y: eA==\nstringData:\n  x: «old»\n", "old"),
		in("the whole file", "", "«old»\n", "old"),
		in("tabs after it", "/a", "a: «old»\t\t# x\n", "old"),
		in("a colon and a number sign within", "/a", "a: «http://x/#y»\n", "http://x/#y"),
	}
}

func TestTheQuotingStaysWhereItCanCarryTheValue(t *testing.T) {
	for _, c := range []struct{ text, value, want string }{
		{"a: old\n", entra, "a: " + entra + "\n"},
		{"a: old\n", "yes", "a: \"yes\"\n"},
		{"a: old\n", "1e3", "a: \"1e3\"\n"},
		{"a: old\n", "x y", "a: \"x y\"\n"},
		{"a: 'old'\n", "it's", "a: 'it''s'\n"},
		{"a: 'old'\n", "ü", "a: \"\\xfc\"\n"},
		{"a: \"old\"\n", "x\"y\\z😀漢", "a: \"x\\\"y\\\\z\\U0001f600\\u6f22\"\n"},
		{"a:\n", "x", "a: \"x\"\n"},
		{"a:   # c\n", "x", "a: \"x\"   # c\n"},
		{"a: |  # c\n  one\n  two\n", "x", "a: |-  # c\n  x\n"},
		{"a: |-\n  one\n", "x\n", "a: |\n  x\n"},
		{"a: >-\n    one\n    two\n", "# x", "a: >-\n    # x\n"},
		{"a: |-\n  one\n", "x\ny", "a: \"x\\ny\"\n"},
		{"a: &b old\n", "another", "a: &b another\n"},
	} {
		if got := mustEdit(t, []byte(c.text), document.YAML, at(document.Slot{At: "/a"}, c.value)); string(got) != c.want {
			t.Errorf("%q set to %q: got %q, want %q", c.text, c.value, got, c.want)
		}
	}
}

func TestYAMLThatIsNotSureIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, pointer, text string
		want                document.Kind
	}{
		{"missing", "/a/b", "a:\n  c: " + entra + "\n", document.NotFound},
		{"an empty file", "/a", "", document.NotFound},
		{"only comments", "/a", "# a: " + entra + "\n", document.NotFound},
		{"through a text", "/a/b", "a: " + entra + "\n", document.NotFound},
		{"index beyond", "/1", "- " + entra + "\n", document.NotFound},
		{"index with a zero", "/00", "- " + entra + "\n", document.NotFound},
		{"another case", "/A", "a: " + entra + "\n", document.NotFound},
		{"the key twice", "/a", "a: " + entra + "\na: x\n", document.Ambiguous},
		{"in two documents", "/a", "a: " + entra + "\n---\na: x\n", document.Ambiguous},
		{"in data and stringData", "/stringData/x", "apiVersion: v1\nkind: Secret\ndata: {x: eA==}\nstringData: {x: " + entra + "}\n", document.Ambiguous},
		{"data of a Secret", "/data/x", "apiVersion: v1\nkind: Secret\ndata: {x: eA==}\n", document.Unsupported},
		{"a number", "/a", "a: 1\n", document.NotString},
		{"a truth value", "/a", "a: true\n", document.NotString},
		{"null", "/a", "a: null\n", document.NotString},
		{"a tilde", "/a", "a: ~\n", document.NotString},
		{"a date", "/a", "a: 2001-01-01\n", document.NotString},
		{"a map", "/a", "a: {b: " + entra + "}\n", document.NotString},
		{"a list", "/a", "a: [" + entra + "]\n", document.NotString},
		{"an alias", "/b", "a: &x " + entra + "\nb: *x\n", document.Shared},
		{"an anchor in use", "/a", "a: &x " + entra + "\nb: *x\n", document.Shared},
		{"below an anchor in use", "/a/c", "a: &x {c: " + entra + "}\nb: *x\n", document.Shared},
		{"below an alias", "/b/c", "a: &x {c: " + entra + "}\nb: *x\n", document.Shared},
		{"by a merge", "/b/c", "a: &x {c: " + entra + "}\nb:\n  <<: *x\n", document.Shared},
		{"by a merge of several", "/b/c", "a: &x {c: " + entra + "}\nb:\n  <<: [{d: 1}, *x]\n", document.Shared},
		{"an alias as key", "/x", "a: &k x\n*k : " + entra + "\n", document.Shared},
		{"a tag", "/a", "a: !vault " + entra + "\n", document.Tagged},
		{"a tag of bytes", "/a", "a: !!binary eA==\n", document.Tagged},
		{"below a tag", "/a/b", "a: !include {b: " + entra + "}\n", document.Tagged},
		{"ansible", "/a", "a: |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\n", document.Encrypted},
		{"sops, elsewhere", "/a", "a: x\nb: ENC[AES256_GCM,data:x]\n", document.Encrypted},
		{"sops, signed", "/a", "a: " + entra + "\nsops:\n  mac: x\n", document.Encrypted},
		{"sealed", "/spec/a", "kind: SealedSecret\nspec: {a: " + entra + "}\n", document.Encrypted},
		{"external", "/spec/a", "kind: ExternalSecret\nspec: {a: " + entra + "}\n", document.Encrypted},
		{"a template's expression", "/a", "a: \"{{ .Values.x }}\"\n", document.Templated},
		{"a mark within", "/a", "b: \ufeffx\na: " + entra + "\n", document.Encoding},
		{"UTF-16", "/a", string(wide("a: x\n", false)), document.Encoding},
		{"NEL", "/a", "# \u0085\na: " + entra + "\n", document.ParserDiffer},
		{"LS", "/a", "# \u2028\na: " + entra + "\n", document.ParserDiffer},
		{"PS", "/a", "# \u2029\na: " + entra + "\n", document.ParserDiffer},
		{"a carriage return", "/a", "# x\ra: " + entra + "\n", document.ParserDiffer},
		{"a carriage return at the end", "/a", "a: " + entra + "\r", document.ParserDiffer},
		{"two carriage returns", "/a", "b: x\r\na: " + entra + "\r\r\n", document.ParserDiffer},
		{"no YAML", "/a", "a: [" + entra + "\n", document.Syntax},
		{"no YAML behind it", "/a", "a: " + entra + "\nb: {\n", document.Syntax},
		{"a tab as indentation", "/a/b", "a:\n\tb: " + entra + "\n", document.Syntax},
		{"nothing, with an anchor", "/a", "a: &x\nb: x\n", document.Unsupported},
		{"nothing, with a tag", "/a", "a: !!str\nb: x\n", document.Unsupported},
		{"a version that is not read", "/a", "%YAML 1.2\n---\na: " + entra + "\n", document.Unsupported},
		{"an escape that is not read", "/a", "a: \"" + entra + "\\/\"\n", document.Syntax},
		{"no pointer", "a", "a: " + entra + "\n", document.BadPointer},
	} {
		t.Run(c.name, func(t *testing.T) {
			slot := document.Slot{At: c.pointer}
			_, err := document.Find([]byte(c.text), document.YAML, slot)
			wantKind(t, err, c.want)
			out, err := document.Edit([]byte(c.text), document.YAML, at(slot, entra))
			wantKind(t, err, c.want)
			if out != nil {
				t.Errorf("got %q beside the error", out)
			}
		})
	}
}
