package syntaxtest

import (
	"strings"
	"unicode/utf16"
)

// Nasty are values that break careless writers.
func Nasty() []string {
	return []string{
		Entra, "", "x", " ", "\t", "a b", " edges ", "trailing ", " leading", `"`, `'`, `''`, `\`, `\\`, `\"`, "a\"b'c",
		"# x", "a # b", "a ; b", ";x", "a: b", "a:", ": a", "a=b", "=", "- x", "-", "? x", "?", "{a, b]", "[", "]", "{", "}", ",", "a,b",
		"*a", "&b", "!c", "|", ">", "%x", "@x", "`x`",
		"yes", "No", "on", "null", "~", "true", "1", "0o17", "0x1F", "1e3", "1_000", ".inf", ".nan", "-.5", "2001-01-01", "12:30:45", "<<", "None",
		"a\nb", "a\n", "\na", "a\r\nb", "a\r", "\r", "a\tb", "\x00", "\x01", "\x1b[0m", "\x7f", "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "a\ufeff", "\ufffd",
		"ü", "漢字", "😀", "e\u0301", "\u202ereversed", "---", "...", "--- a", "\n---\n", "${X} %P% $(id) $HOME $$", "&amp;]]>", "<!-- x -->", "<x/>", `\u0041`, `\x41`,
		`a\`, "//x", "/* x */", "*/", "<secret>", "%n %%", "a\\\nb", `'''`, `"""`, "#{x}", "{{ x }}", "export A=b", "[section]", "key = value",
		"ends~", "ends.", "~starts", "a~b.c", strings.Repeat("long ", 300), strings.Repeat("x", 1200),
	}
}

// Foreign are values that no format may be given: another program would decrypt
// them.
func Foreign() []string {
	return []string{"ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]", "x ENC[AES256_GCM", "$ANSIBLE_VAULT;1.1;AES256", "$ANSIBLE_VAULT;1.2;AES256;id\n3132"}
}

// Wide is a text in UTF-16 with a byte order mark.
func Wide(text string, bigEndian bool) []byte {
	var out []byte
	for _, u := range append([]uint16{0xfeff}, utf16.Encode([]rune(text))...) {
		low, high := byte(u), byte(u>>8)
		if bigEndian {
			low, high = high, low
		}
		out = append(out, low, high)
	}
	return out
}
