package unitfile_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/document/syntax/syntaxtest"
	"github.com/empowersuite/backend-installer/installer/document/unitfile"
)

const e = syntaxtest.Entra

func TestWordsThatAreNotCertainAreRefused(t *testing.T) {
	refuse := func(name, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: "Service/Environment/A", Text: "[Service]\n" + text, Want: want, Place: place}
	}
	syntaxtest.Refusals(t, unitfile.Open, []syntaxtest.Refusal{
		refuse("not there", "#Environment=A="+e+"\nEnvironment=B="+e+"\n", syntax.NotFound, ""),
		refuse("another section", "[Socket]\nEnvironment=A="+e+"\n", syntax.NotFound, ""),
		refuse("twice on a line", "Environment=A="+e+" A="+e+"\n", syntax.Ambiguous, "2:56: "),
		refuse("twice", "Environment=A="+e+"\nEnvironment=\"A="+e+"\"\n", syntax.Ambiguous, "3:13: "),
		refuse("taken back", "Environment=A="+e+"\nEnvironment=\n", syntax.Ambiguous, "2:13: "),
		refuse("taken back with blanks", "Environment=A="+e+"\nEnvironment= \\\n \n", syntax.Ambiguous, "2:13: "),
		refuse("a specifier", "Environment=A=%i"+e+"\n", syntax.Templated, "2:13: "),
		refuse("a specifier behind another", "Environment=\"A=%%%%%h"+e+"\"\n", syntax.Templated, "2:13: "),
		refuse("an escaped specifier", "Environment=A=\\x25i"+e+"\n", syntax.Templated, "2:13: "),
		refuse("a % at the end", "Environment=A="+e+"%\n", syntax.Templated, "2:13: "),
		refuse("a template", "Environment=\"A={{ "+e+" }}\"\n", syntax.Templated, "2:13: "),
		refuse("encrypted", "Environment=A=ENC[AES256_GCM,"+e+"]\n", syntax.Encrypted, "2:13: "),
		refuse("of two parts", "Environment=A=\"x\""+e+"\n", syntax.Unsupported, "2:13: "),
		refuse("of two quotes", "Environment=\"A=\"'"+e+"'\n", syntax.Unsupported, "2:13: "),
		refuse("an escaped name", "Environment=\\x41="+e+"\n", syntax.Unsupported, "2:13: "),
		refuse("several lines", "Environment=\"A="+e+" \\\n x\"\n", syntax.Unsupported, "2:13: "),
		refuse("several lines with a comment", "Environment=\"A="+e+" \\\n# "+e+"\n x\"\n", syntax.Unsupported, "2:13: "),
		refuse("no text", "Environment=A=\\xff"+e+"\n", syntax.Encoding, "2:13: "),
		refuse("a quote that is open", "Environment=A=\""+e+"\n", syntax.Syntax, "2:15: "),
		refuse("a quote that is open in the next line", "Environment=A="+e+" \\\n# x\n  B='x\n", syntax.Syntax, "4:5: "),
		refuse("no escape", "Environment=A="+e+" B=\\q\n", syntax.Syntax, "2:58: "),
		refuse("an escaped blank", "Environment=A="+e+"\\ B=x\n", syntax.Syntax, "2:55: "),
		refuse("an escape of NUL", "Environment=A=\\x00"+e+"\n", syntax.Syntax, "2:15: "),
		refuse("an escape above a byte", "Environment=A=\\777"+e+"\n", syntax.Syntax, "2:15: "),
		refuse("an escape of half a pair", "Environment=A=\\ud83d"+e+"\n", syntax.Syntax, "2:15: "),
		refuse("an escape of nothing", "Environment=A=\\U00110000"+e+"\n", syntax.Syntax, "2:15: "),
		refuse("an escape that is too short", "Environment=A=\\u00\n", syntax.Syntax, "2:15: "),
	})
}

func TestUnitFilesThatAreNotCertainAreRefused(t *testing.T) {
	refuse := func(name, at, text string, want syntax.Kind, place string) syntaxtest.Refusal {
		return syntaxtest.Refusal{Name: name, At: at, Text: text, Want: want, Place: place}
	}
	const user = "Service/User"
	syntaxtest.Refusals(t, unitfile.Open, []syntaxtest.Refusal{
		refuse("no section", "User", "[Service]\nUser="+e+"\n", syntax.BadPointer, ""),
		refuse("no key", "Service/", "[Service]\nUser="+e+"\n", syntax.BadPointer, ""),
		refuse("all of Environment", "Service/Environment", "[Service]\nEnvironment=A="+e+"\n", syntax.BadPointer, ""),
		refuse("no variable", "Service/Environment/1", "[Service]\nEnvironment=A="+e+"\n", syntax.BadPointer, ""),
		refuse("a variable of another key", "Service/User/A", "[Service]\nUser="+e+"\n", syntax.BadPointer, ""),
		refuse("not there", user, "[Unit]\nUser="+e+"\n", syntax.NotFound, ""),
		refuse("another case", user, "[Service]\nuser="+e+"\n", syntax.NotFound, ""),
		refuse("twice", user, "[Service]\nUser="+e+"\n[Unit]\n[Service]\nUser=\n", syntax.Ambiguous, "5:6: "),
		refuse("a list with a reset", "Service/ExecStart", "[Service]\nExecStart=\nExecStart="+e+"\n", syntax.Ambiguous, "3:11: "),
		refuse("a specifier", user, "[Service]\nUser=%i"+e+"\n", syntax.Templated, "2:6: "),
		refuse("percent of another key", "Service/ExecStart", "[Service]\nExecStart="+e+"%%\n", syntax.Unsupported, "2:11: "),
		refuse("quotes of another key", "Service/ExecStart", "[Service]\nExecStart=/bin/x '"+e+"'\n", syntax.Unsupported, "2:11: "),
		refuse("a template", user, "[Service]\nUser={{ "+e+" }}\n", syntax.Templated, "2:6: "),
		refuse("several lines", user, "[Service]\nUser="+e+" \\\n  x\n", syntax.Unsupported, "2:6: "),
		refuse("before any section", user, "User="+e+"\n[Service]\nUser=x\n", syntax.Syntax, "1:1: "),
		refuse("no sign", user, "[Service]\nUser="+e+"\n  "+e+"\n", syntax.Syntax, "3:3: "),
		refuse("no key before the sign", user, "[Service]\n = "+e+"\n", syntax.Syntax, "2:2: "),
		refuse("an odd key", user, "[Service]\nUser x="+e+"\n", syntax.Syntax, "2:1: "),
		refuse("an include", user, ".include /x\n[Service]\nUser="+e+"\n", syntax.Syntax, "1:1: "),
		refuse("an open section", user, "[Service\nUser="+e+"\n", syntax.Syntax, "1:1: "),
		refuse("a comment behind a section", user, "[Service] # x\nUser="+e+"\n", syntax.Syntax, "1:1: "),
		refuse("a section without a name", user, "[]\nUser="+e+"\n", syntax.Syntax, "1:1: "),
		refuse("a section that goes on", user, "[Service]\\\nUser="+e+"\n", syntax.Syntax, "1:1: "),
		refuse("a comment that goes on", user, "[Service]\n# "+e+"\\\nUser=x\n", syntax.ParserDiffer, "2:43: "),
		refuse("two backslashes at the end", user, "[Service]\nUser="+e+"\\\\\n", syntax.ParserDiffer, "2:47: "),
		refuse("goes on at the end", user, "[Service]\nUser="+e+"\nGroup=x\\\n", syntax.Syntax, "4:1: "),
		refuse("goes on in a comment at the end", user, "[Service]\nUser="+e+"\\\n#x", syntax.Syntax, "3:3: "),
		refuse("CR", user, "[Service]\nUser="+e+"\rGroup=x\n", syntax.ParserDiffer, "2:46: "),
		refuse("a NUL", user, "[Service]\nUser="+e+"\x00\n", syntax.Encoding, "2:46: "),
		refuse("not UTF-8", user, "[Service]\nUser=\xff"+e+"\n", syntax.Encoding, "2:6: "),
		refuse("UTF-16", user, string(syntaxtest.Wide("[Service]\nUser="+e, false)), syntax.Encoding, "1:1: "),
		refuse("a byte order mark within", user, "[Service]\n\ufeffUser="+e+"\n", syntax.Encoding, "2:1: "),
		refuse("a character that is reserved", user, "[Service]\nUser="+e+"\uffff\n", syntax.Encoding, "2:46: "),
		refuse("a long line", user, "[Service]\nUser="+e+"\nGroup="+strings.Repeat("x", 1<<20)+"\n", syntax.Syntax, "3:1: "),
		refuse("many lines that are one", user, "[Service]\nUser="+e+"\nGroup="+strings.Repeat("xxxxxxxxxxxxxx\\\n", 1<<17)+"\n", syntax.Syntax, ""),
		refuse("another name to the second parser", user, "[Service]\nUser=\u00a0"+e+"\n", syntax.ParserDiffer, ""),
	})
}
