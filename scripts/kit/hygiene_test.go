package kit_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

func TestTheSearchFindsEveryForm(t *testing.T) {
	token := kit.Secret{Kind: "access token", Text: `a/b+"c~` + kit.WrongSecret}
	code := kit.Secret{Kind: "user code", Text: "ABCDE2345"}
	search := kit.NewSearch(t, token, code)
	for _, secret := range []kit.Secret{token, code} {
		wide := string(kit.UTF16LE(secret.Text))
		for form, text := range map[string]string{
			"plain": "x" + secret.Text, "URL": "&a=" + url.QueryEscape(secret.Text) + "&", "UTF-16": "\x00\x01" + wide,
			"JSON": fmt.Sprintf("%q", secret.Text), "base64 at 0": base64.StdEncoding.EncodeToString([]byte(secret.Text)),
			"base64 at 1": base64.StdEncoding.EncodeToString([]byte("1" + secret.Text + "tail")),
			"base64 at 2": base64.StdEncoding.EncodeToString([]byte("12" + secret.Text)),
		} {
			if secret == code && (form == "URL" || form == "JSON") {
				form = "plain" // it has nothing to escape
			}
			if got := search.In("here", []byte(text)); !slices.Contains(got, kit.Finding{Where: "here", Kind: secret.Kind, Form: form}) {
				t.Errorf("%s, %s: got %v for %q", secret.Kind, form, got, text)
			}
		}
		if got := search.In("here", []byte(secret.Text[1:]+" "+secret.Text[:len(secret.Text)-1])); got != nil {
			t.Errorf("%s: got %v for parts of it, want nothing", secret.Kind, got)
		}
	}
}

func TestTheSearchTellsEachSecretOnce(t *testing.T) {
	one, other := kit.Secret{Kind: "one", Text: "begins alike-1"}, kit.Secret{Kind: "other", Text: "begins alike-2"}
	text := []byte(one.Text + other.Text + one.Text)
	var got []string
	for _, f := range kit.NewSearch(t, one, other).In("here", text) {
		if f.Form == "plain" {
			got = append(got, f.Kind)
		}
	}
	if !slices.Equal(got, []string{"one", "other"}) {
		t.Errorf("got %q, want one and other", got)
	}
	if got := kit.NewSearch(t, one).In("here", []byte("short")); got != nil {
		t.Errorf("got %v in a short text", got)
	}
}
