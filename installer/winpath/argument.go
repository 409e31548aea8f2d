package winpath

import "strings"

// Argument is an argument of a program in quotes, as CommandLineToArgvW takes it
// apart: backslashes are literal unless a quotation mark follows, then each counts
// half. https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw
// (read in November 2026).
func Argument(word string) string {
	var out strings.Builder
	out.WriteByte('"')
	slashes := 0
	for i := range len(word) {
		switch word[i] {
		case '\\':
			slashes++
		case '"':
			out.WriteString(strings.Repeat(`\`, slashes+1))
			slashes = 0
		default:
			slashes = 0
		}
		out.WriteByte(word[i])
	}
	out.WriteString(strings.Repeat(`\`, slashes))
	out.WriteByte('"')
	return out.String()
}
