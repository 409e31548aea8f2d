package secret

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
)

// MinMaskedBytes is the length of the shortest text that Mask looks for: a
// shorter one is a part of ordinary words.
const MinMaskedBytes = 8

// Mask is a text with Redacted in the place of each value, however it is
// written there: as it is, escaped as in JSON, XML, URLs or Go (any of its
// characters, in any mixture), in base64 or hexadecimal, as UTF-8 or UTF-16.
func Mask(text string, values ...Value) string {
	for _, v := range values {
		if v.Len() < MinMaskedBytes {
			continue
		}
		for _, form := range encoded(v.Reveal()) {
			text = strings.ReplaceAll(text, form, Redacted)
		}
		text = escaped(v.Reveal()).ReplaceAllLiteralString(text, Redacted)
	}
	return text
}

// encoded are the forms that show no single character. In base64 a text looks
// in three ways, by where it begins; what its neighbours change is left out.
func encoded(text string) []string {
	little, big := wide(text, false), wide(text, true)
	all := []string{little, big}
	for _, bytes := range []string{text, little, big} {
		digits := hex.EncodeToString([]byte(bytes))
		all = append(all, digits, strings.ToUpper(digits))
		for shift := range 3 {
			for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				all = append(all, inner(encoding, bytes, shift))
			}
		}
	}
	return all
}

// inner is what base64 makes of a text behind so many other bytes, without the
// digits that hold bits of its neighbours.
func inner(encoding *base64.Encoding, text string, shift int) string {
	digits := encoding.EncodeToString([]byte(strings.Repeat("x", shift) + text))
	first := (8*shift + 5) / 6
	last := 8 * (shift + len(text)) / 6
	return digits[first:last]
}

// wide is UTF-16.
func wide(text string, big bool) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		high, low := byte(unit>>8), byte(unit&0xff)
		if big {
			high, low = low, high
		}
		b.WriteByte(low)
		b.WriteByte(high)
	}
	return b.String()
}

// escaped matches a text of which any character may be escaped.
func escaped(text string) *regexp.Regexp {
	var b strings.Builder
	for _, r := range text {
		b.WriteString("(?:" + strings.Join(spellings(r), "|") + ")")
	}
	return regexp.MustCompile(b.String())
}

// spellings are the ways to write a character, as regular expressions.
func spellings(r rune) []string {
	all := []string{
		`\\?` + regexp.QuoteMeta(string(r)),
		fmt.Sprintf(`(?i:\\U0*%x|\\x\{?0*%x\}?|&#x0*%x;)`, r, r, r),
		fmt.Sprintf(`&#0*%d;`, r),
	}
	var units, percent string
	for _, unit := range utf16.Encode([]rune{r}) {
		units += fmt.Sprintf(`\\u%04x`, unit)
	}
	for _, b := range []byte(string(r)) {
		percent += fmt.Sprintf(`%%%02x`, b)
	}
	all = append(all, "(?i:"+units+")", "(?i:"+percent+")")
	names := map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&apos;", ' ': `\+`}
	if name, ok := names[r]; ok {
		all = append(all, name)
	}
	return all
}
