package unitfile_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/unitfile"
)

func sample(name, at, old, text string) syntaxtest.Sample {
	return syntaxtest.Sample{Name: name, At: at, Text: text, Old: old}
}

// words are files with an Environment= of which A is a word.
func words() []syntaxtest.Sample {
	of := func(name, old, text string) syntaxtest.Sample {
		return sample(name, "Service/Environment/A", old, text)
	}
	return []syntaxtest.Sample{
		of("alone", "old", "[Service]\nEnvironment=«A=old»\n"),
		of("no final newline", "old", "[Service]\nEnvironment=«A=old»"),
		of("CRLF", "old", "[Service]\r\nEnvironment=«A=old»\r\nUser=x\r\n"),
		of("mixed line ends", "old", "[Service]\r\n\nEnvironment=«A=old»\n\r\nUser=x\r\n"),
		of("a byte order mark", "old", syntax.MarkUTF8+"# x\n[Service]\nEnvironment=«A=old»\n"),
		of("among others", "old", "[Service]\nEnvironment=B=1 «A=old»\tC=2\n"),
		of("blanks around", "old", "[Service]\n  Environment =  «A=old»  \n"),
		of("empty", "", "[Service]\nEnvironment=«A=»\n"),
		of("empty, among others", "", "[Service]\nEnvironment=B= «A=» C=\n"),
		of("in double quotes", "o l d", "[Service]\nEnvironment=B=1 «\"A=o l d\"» \"C=\"\n"),
		of("in single quotes", "o l d", "[Service]\nEnvironment='B=1' «'A=o l d'»\n"),
		of("value in double quotes", "o l d", "[Service]\nEnvironment=«A=\"o l d\"» B=1\n"),
		of("value in single quotes", "", "[Service]\nEnvironment=«A=''» B=''\n"),
		of("escapes", "a\"b'c\\d\te f\n", "[Service]\nEnvironment=«A=a\\\"b\\'c\\\\d\\te\\sf\\n»\n"),
		of("escapes in quotes", "a\"ü😀A!", "[Service]\nEnvironment=«\"A=a\\\"\\u00fc\\U0001f600\\x41\\041\"»\n"),
		of("bytes", "ü", "[Service]\nEnvironment=«A=\\xc3\\274»\n"),
		of("the other quote within", `it's`, "[Service]\nEnvironment=«\"A=it's\"» 'B=\"'\n"),
		of("percent", "50% off", "[Service]\nEnvironment=«\"A=50%% off\"» B=%i\n"),
		of("a dollar", "$x`y`#z;", "[Service]\nEnvironment=«A=$x`y`#z;»\n"),
		of("not ASCII", "grün", "[Service]\n# Grüße\nEnvironment=«A=grün» B=😀\n"),
		of("goes on", "old", "[Service]\nEnvironment=B=1 \\\n  «A=old»\\\n\"C=x y\"\nUser=x\n"),
		of("goes on, CRLF", "old", "[Service]\r\nEnvironment=B=1 \\\r\n  «\"A=old\"» \\\r\n\r\nUser=x\r\n"),
		of("comments within", "old", "[Service]\nEnvironment=B=1 \\\n# A=x\n ; don't \"\n  «A=old» \\\n#A=y\n C=2\n"),
		of("several lines", "old", "[Service]\nEnvironment=B=1\nEnvironment=«A=old»\nEnvironment=C=2\n"),
		of("behind a reset", "old", "[Service]\nEnvironment=\nEnvironment=«A=old»\n[Socket]\nEnvironment=\n"),
		of("other sections", "old", "[Unit]\nEnvironment=A=x\n[Service]\nEnvironment=«A=old»\n[Service]\nEnvironment=B=x\n[X-Y Z]\nEnvironment=A=y\n"),
		of("another case", "old", "[Service]\nenvironment=A=x\nEnvironment=a=y «A=old»\n[service]\nEnvironment=A=z\n"),
		of("a longer name", "old", "[Service]\nEnvironment=AA=x A_=y \"_A=z\" «A=old» A1=1\n"),
		of("among invalid ones", "old", "[Service]\nEnvironment=B 1=2 =3 «A=old» C\\x3d=1\n"),
		of("decoys", "old", "[Service]\n#Environment=A=x\nDescription=Environment=A=x\nEnvironment=\"B=A=x\" «A=old»\nEnvironmentFile=-/etc/x\nUnsetEnvironment=B\n"),
		of("before a value of several lines", "old", "[Service]\nEnvironment=«A=old»\nExecStart=/bin/sh -c 'x \\\n  \"%i\" $A' \\\n  A=x\n"),
		of("a word of several lines behind", "old", "[Service]\nEnvironment=«A=old» \"B=x \\\n  A=y\"\n"),
		of("a long line behind", "old", "[Service]\nEnvironment=«A=old»\nExecStart=/bin/x "+strings.Repeat("long ", 900)+"\n"),
	}
}

func cannotInWord(_ syntaxtest.Sample, value string) bool {
	return strings.Contains(value, "{{") || strings.ContainsFunc(value, func(r rune) bool {
		return unicode.IsControl(r) && r != '\t' && r != '\n' || r == '\ufeff'
	})
}

// wholes are files with whole values.
func wholes() []syntaxtest.Sample {
	return []syntaxtest.Sample{
		sample("description", "Unit/Description", "It's 100% \"x\"", "[Unit]\nDescription=«It's 100%% \"x\"»\n[Service]\nDescription=y\n"),
		sample("user", "Service/User", "old", "[Service]\nUser=«old»\nGroup=x\n"),
		sample("no final newline", "Service/User", "old", "[Service]\nUser=«old»"),
		sample("CRLF", "Service/User", "old", "[Service]\r\nUser=«old»\r\n"),
		sample("blanks around", "Service/User", "old", "[Service]\n\tUser = «old» \n"),
		sample("empty", "Service/User", "", "[Service]\nUser=«»\nGroup=x\n"),
		sample("empty at the end", "Service/User", "", "[Service]\nUser =«»"),
		sample("time", "Timer/OnCalendar", "*-*-* 02:30:00", "[Timer]\nOnCalendar=«*-*-* 02:30:00»\nPersistent=true\n"),
		sample("credential", "Service/SetCredential", "token:old", "[Service]\nSetCredential=«token:old»\n#SetCredential=x\n"),
		sample("a backslash", "Service/PIDFile", `/a\tb`, "[Service]\nPIDFile=«/a\\tb»\n"),
		sample("not ASCII", "Unit/Description", "grün – ®", "[Unit]\n; ü\nDescription=«grün – ®»\n"),
	}
}

func cannotInWhole(s syntaxtest.Sample, value string) bool {
	literal := strings.Contains(s.Name+s.At, "Description") || strings.HasSuffix(s.At, "User") || strings.HasSuffix(s.At, "PIDFile")
	return value == "" && strings.Contains(s.Text, "» \n") || strings.Trim(value, " ") != value || strings.HasSuffix(value, `\`) || strings.Contains(value, "{{") ||
		!literal && strings.ContainsAny(value, `\"'%`) || strings.ContainsFunc(value, func(r rune) bool { return !unicode.IsPrint(r) })
}

func samples() []syntaxtest.Sample { return append(words(), wholes()...) }

func TestWordsOfEnvironmentKeepTheLaws(t *testing.T) {
	syntaxtest.Run(t, unitfile.Open, words(), cannotInWord)
}

func TestWholeValuesKeepTheLaws(t *testing.T) {
	syntaxtest.Run(t, unitfile.Open, wholes(), cannotInWhole)
}

func TestACarelessUnitEncoderIsCaught(t *testing.T) {
	syntaxtest.Mutation(t, unitfile.Open, samples(), 2500)
}

func FuzzUnit(f *testing.F) { syntaxtest.Fuzz(f, unitfile.Open, samples()) }

func TestAWordChangesAsLittleAsItCan(t *testing.T) {
	for _, c := range [][3]string{
		{"A=x", syntaxtest.Entra, "A=" + syntaxtest.Entra},
		{"A=x", "a b", `"A=a b"`},
		{"A=x", "$a#`%", "A=$a#`%%"},
		{"A=x", `a"b'\`, `"A=a\"b'\\"`},
		{"A=x", "ü😀\n\t", `"A=\u00fc\U0001f600\n\t"`},
		{"A=x", "", "A="},
		{`"A=x"`, "y", `"A=y"`},
		{`"A=x"`, "it's", `"A=it's"`},
		{"'A=x'", `it's "`, `'A=it\'s "'`},
		{`A="x"`, `"y"`, `A="\"y\""`},
		{"A='x'", `'`, `A='\''`},
		{`A=\x41`, `b`, `A=b`},
	} {
		out, err := syntaxtest.Set(unitfile.Open, []byte("[Service]\nEnvironment="+c[0]+" B=1\n"), "Service/Environment/A", c[1])
		if want := "[Service]\nEnvironment=" + c[2] + " B=1\n"; err != nil || string(out) != want {
			t.Errorf("%q for %s: got %q, %v, want %q", c[1], c[0], out, err, want)
		}
	}
}

func TestSettingsAreAddedToUnitFiles(t *testing.T) {
	word := func(name, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: "Service/Environment/K", Value: "v", Text: text, Want: want}
	}
	key := func(name, text, want string) syntaxtest.Addition {
		return syntaxtest.Addition{Name: name, At: "Service/User", Value: "v", Text: text, Want: want}
	}
	syntaxtest.Additions(t, unitfile.Open, []syntaxtest.Addition{
		word("behind the last one", "[Service]\nEnvironment=A=1\nUser=x\nEnvironment=B=1\nGroup=y\n", "[Service]\nEnvironment=A=1\nUser=x\nEnvironment=B=1\nEnvironment=K=v\nGroup=y\n"),
		word("behind one of several lines", "[Service]\nEnvironment=A=1 \\\n# x\n B=2\nUser=x\n", "[Service]\nEnvironment=A=1 \\\n# x\n B=2\nEnvironment=K=v\nUser=x\n"),
		word("behind a reset", "[Service]\nEnvironment=\n", "[Service]\nEnvironment=\nEnvironment=K=v\n"),
		word("the first one", "[Service]\nUser=x\n\n[Install]\nA=b\n", "[Service]\nUser=x\nEnvironment=K=v\n\n[Install]\nA=b\n"),
		word("an empty section", "[Unit]\nDescription=x\n[Service]\n[Install]\n", "[Unit]\nDescription=x\n[Service]\nEnvironment=K=v\n[Install]\n"),
		word("a section twice", "[Service]\nEnvironment=A=1\n[Unit]\n[Service]\nUser=x", "[Service]\nEnvironment=A=1\nEnvironment=K=v\n[Unit]\n[Service]\nUser=x"),
		word("as the neighbour", "[Service]\r\n  Environment = A=1\r\n", "[Service]\r\n  Environment = A=1\r\n  Environment = K=v\r\n"),
		word("no final newline", "[Service]\r\nUser = x", "[Service]\r\nUser = x\r\nEnvironment = K=v"),
		word("only a header", "[Service]", "[Service]\nEnvironment=K=v"),
		word("a byte order mark", syntax.MarkUTF8+"[Service]\n", syntax.MarkUTF8+"[Service]\nEnvironment=K=v\n"),
		{Name: "needs quotes", At: "Service/Environment/K", Value: "a b%", Text: "[Service]\n", Want: "[Service]\nEnvironment=\"K=a b%%\"\n"},
		key("a key", "[Service]\nGroup=x\n; y\n\n[Install]\n", "[Service]\nGroup=x\nUser=v\n; y\n\n[Install]\n"),
		key("a key, empty neighbour", "[Service]\nGroup =\n", "[Service]\nGroup =\nUser = v\n"),
		key("a key in an empty section", "[Service]\n", "[Service]\nUser=v\n"),
	})
	for _, c := range []struct {
		at, text string
		want     syntax.Kind
	}{
		{"Service/User", "[Unit]\nUser=x\n", syntax.NotFound},
		{"Service/Environment/K", "", syntax.NotFound},
		{"Service/Environment/K", "[Service]\nEnvironment=K=x\nEnvironment=\n", syntax.Present},
		{"Service/Environment", "[Service]\n", syntax.BadPointer},
		{"Service/User", "[Service]\nUser\n", syntax.Syntax},
	} {
		if out, err := syntaxtest.Add(unitfile.Open, []byte(c.text), c.at, "v"); syntaxtest.KindOf(err) != c.want {
			t.Errorf("%s to %q: got %q, %v, want %s", c.at, c.text, out, err, c.want)
		}
	}
}

func TestSeveralSettingsAreEditedAtOnce(t *testing.T) {
	const src = "[Unit]\nDescription=x\n[Service]\nEnvironment=A=1 B=2 \\\n# C=3\n \"C=3\"\nUser=u\n"
	const want = "[Unit]\nDescription=new\n[Service]\nEnvironment=A=10 \"B=2 0\" \\\n# C=3\n \"C=\"\nEnvironment=D=4\nUser=u\n"
	f, err := unitfile.Open([]byte(src))
	if err != nil {
		t.Fatal(err)
	}
	var edits []syntax.Edit
	for _, c := range [][2]string{{"Unit/Description", "new"}, {"Service/Environment/A", "10"}, {"Service/Environment/B", "2 0"}, {"Service/Environment/C", ""}} {
		v, err := f.Find(c[0])
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Replace(v, c[1])
		if err != nil {
			t.Fatal(err)
		}
		edits = append(edits, e)
	}
	e, err := f.Add("Service/Environment/D", "4")
	if err != nil {
		t.Fatal(err)
	}
	edits = append(edits, e)
	out := syntax.Applied([]byte(src), edits)
	if err := f.Verify(out, edits); err != nil || string(out) != want {
		t.Errorf("got %q, %v, want %q", out, err, want)
	}
	for i := range edits {
		other := append(append([]syntax.Edit{}, edits[:i]...), edits[i+1:]...)
		if err := f.Verify(out, other); syntaxtest.KindOf(err) != syntax.Verify {
			t.Errorf("without edit %d: %v", i, err)
		}
	}
}

func TestAWholeValueIsWrittenAsItIsOrNotAtAll(t *testing.T) {
	for _, c := range []struct{ at, value, want string }{
		{"Unit/Description", `100% "a" \b`, `100%% "a" \b`},
		{"Unit/Description", "grün", "grün"},
		{"Unit/Description", "a ", ""},
		{"Unit/Description", `a\`, ""},
		{"Unit/Description", "a\tb", ""},
		{"Unit/OnFailure", "a.service b.service", "a.service b.service"},
		{"Unit/OnFailure", "a@%i.service", ""},
		{"Unit/OnFailure", `"a"`, ""},
	} {
		src := []byte("[Unit]\nDescription=x\nOnFailure=x\n")
		_, key, _ := strings.Cut(c.at, "/")
		out, err := syntaxtest.Set(unitfile.Open, src, c.at, c.value)
		if (err == nil) != (c.want != "") || err == nil && !strings.Contains(string(out), "\n"+key+"="+c.want+"\n") {
			t.Errorf("%s, %q: got %q, %v, want %q", c.at, c.value, out, err, c.want)
		}
	}
}
