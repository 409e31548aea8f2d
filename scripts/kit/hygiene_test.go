package kit_test

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestTheSearchFindsEveryForm(t *testing.T) {
	secret := "a/b+c~" + kit.WrongSecret
	wide := kit.Encodings(secret)["UTF-16"]
	for _, text := range [][]byte{
		[]byte("x" + secret), []byte(url.QueryEscape(secret)), wide,
		[]byte(base64.StdEncoding.EncodeToString([]byte("12" + secret + "tail"))),
	} {
		found := false
		for _, coded := range kit.Encodings(secret) {
			found = found || bytes.Contains(text, coded)
		}
		if !found {
			t.Errorf("not found in %q", text)
		}
	}
}
