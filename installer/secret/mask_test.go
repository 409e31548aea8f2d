package secret_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// planted is not a real secret. It has what the encodings escape.
const planted = `TST8Q~not&a<real>"secret'+00 0/1?ü`

func inUTF16(text string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(unit & 0xff))
		b.WriteByte(byte(unit >> 8))
	}
	return b.String()
}

// writings are ways to write a text down, by their name.
func writings(t *testing.T, text string) map[string]string {
	t.Helper()
	asJSON, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	var asXML, everyUnit, everyEntity strings.Builder
	if err := xml.EscapeText(&asXML, []byte(text)); err != nil {
		t.Fatal(err)
	}
	for _, r := range text {
		fmt.Fprintf(&everyUnit, `\u%04X`, r)
		fmt.Fprintf(&everyEntity, `&#x%x;`, r)
	}
	all := map[string]string{
		"as it is": text, "JSON": strings.Trim(string(asJSON), `"`), "XML": asXML.String(), "HTML": html.EscapeString(text),
		"every unit": everyUnit.String(), "every entity": everyEntity.String(),
		"query": url.QueryEscape(text), "path": url.PathEscape(text), "Go": strconv.QuoteToASCII(text),
		"lower query": strings.NewReplacer("%3C", "%3c", "%2F", "%2f").Replace(url.QueryEscape(text)),
		"UTF-16":      inUTF16(text), "hexadecimal": strings.ToUpper(hex.EncodeToString([]byte(text))),
		"tilde alone": strings.ReplaceAll(text, "~", `\u007e`),
	}
	for shift := range 3 {
		for name, bytes := range map[string]string{"base64": text, "base64 of UTF-16": inUTF16(text)} {
			around := strings.Repeat("x", shift) + bytes + "yy"
			all[fmt.Sprint(name, shift)] = base64.StdEncoding.EncodeToString([]byte(around))
			all[fmt.Sprint("URL's ", name, shift)] = base64.RawURLEncoding.EncodeToString([]byte(around))
		}
	}
	return all
}

func TestASecretIsMaskedHoweverItIsWritten(t *testing.T) {
	for _, text := range []string{planted, "TST8Q~not-a-real-secret-0000000000000001"} {
		for name, written := range writings(t, text) {
			got := secret.Mask("before "+written+" after", secret.New(text))
			if !strings.Contains(got, secret.Redacted) || strings.Contains(got, text) {
				t.Errorf("%s: got %q", name, got)
			}
			if strings.HasPrefix(name, "base64") || strings.HasPrefix(name, "URL's") {
				continue // the first and the last digit hold bits of the neighbours
			}
			if want := "before " + secret.Redacted + " after"; strings.ReplaceAll(got, `"`, "") != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
}

func TestWhatIsNoSecretIsNotMasked(t *testing.T) {
	const text = "stop \"web\": exit status 20"
	for _, v := range []secret.Value{{}, secret.New("web"), secret.New("another-not-real")} {
		if got := secret.Mask(text, v); got != text {
			t.Errorf("got %q, want %q", got, text)
		}
	}
}
