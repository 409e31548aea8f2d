package onetime_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	storage = "snappass0123456789abcdef0123456789abcdef"
	key     = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	v1Key   = "abcdefghijklmnopqrstuvwxyz01234"
)

func TestLinksOfBothProductsAreRead(t *testing.T) {
	for text, want := range map[string]onetime.Link{
		"https://one.example/" + storage + "~" + key:                                   {Kind: onetime.SnapPass, Root: "https://one.example"},
		"https://one.example/" + storage + "%7E" + strings.ReplaceAll(key, "=", "%3D"): {Kind: onetime.SnapPass, Root: "https://one.example"},
		" <https://one.example/pass/" + storage + "~" + key + ">\r\n":                  {Kind: onetime.SnapPass, Root: "https://one.example/pass"},
		"https://one.example/pass/api/v2/passwords/" + storage + "~" + key:             {Kind: onetime.SnapPass, Root: "https://one.example/pass"},
		"https://one.example:8443/secret/" + v1Key:                                     {Kind: onetime.OnetimeSecret, Root: "https://one.example:8443"},
		"https://one.example/ots/secret/" + v1Key + v1Key:                              {Kind: onetime.OnetimeSecret, Root: "https://one.example/ots"},
		"http://127.0.0.1:5000/" + storage + "~" + key:                                 {Kind: onetime.SnapPass, Root: "http://127.0.0.1:5000"},
		"https://one.example/" + strings.TrimPrefix(storage, "snappass") + "~" + key:   {Kind: onetime.SnapPass, Root: "https://one.example"},
	} {
		got, err := onetime.ParseLink(secret.New(text))
		if err != nil || got.Kind != want.Kind || got.Root != want.Root {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestOneSecretHasOneWholeLink(t *testing.T) {
	var whole []secret.Value
	for _, text := range []string{
		"https://one.example/" + storage + "~" + key, "https://one.example/" + storage + "%7e" + strings.ReplaceAll(key, "=", "%3d"),
		"https://one.example/api/v2/passwords/" + storage + "~" + key,
	} {
		link, err := onetime.ParseLink(secret.New(text))
		if err != nil {
			t.Fatal(err)
		}
		whole = append(whole, link.Whole())
	}
	if !whole[0].Equal(whole[1]) || !whole[0].Equal(whole[2]) {
		t.Error("got several links, want one")
	}
}

func TestWhatIsNoLinkIsRefusedAndNotQuoted(t *testing.T) {
	for text, want := range map[string]string{
		"": "no address", "TST8Q~not-a-real-secret-0000000000000001": "no address",
		"http://one.example/" + storage + "~" + key:                                           "not https",
		"https://one.example/" + storage:                                                      "the key behind the sign ~ is missing",
		"https://one.example/" + storage + "~" + key[:43]:                                     "has 43 characters and is to have 44",
		"https://one.example/" + storage + "~" + strings.ReplaceAll(key, "=", "A"):            "the link was cut or changed",
		"https://one.example/" + storage + "~" + key + "?utm=1":                               "carries more",
		"https://eu.safelinks.example/?url=https%3A%2F%2Fone.example%2F" + storage:            "mail filter",
		"https://one.example/secret/short":                                                    "no link of SnapPass or Onetime Secret",
		"https://one.example/private/" + v1Key:                                                "no link of SnapPass or Onetime Secret",
		"https://one.example/" + storage + "~" + key + " https://one.example/secret/" + v1Key: "more than one link",
	} {
		_, err := onetime.ParseLink(secret.New(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
			continue
		}
		if strings.Contains(err.Error(), "0123456789abcdef") || strings.Contains(err.Error(), v1Key) {
			t.Errorf("%q is quoted", text)
		}
	}
}

func TestMentionsKnowsLinksAndTheirParts(t *testing.T) {
	for text, want := range map[string]bool{
		"https://one.example/" + storage + "~" + key: true, storage + "~" + key: true, "--link=" + storage + "%7E": true,
		"https://one.example/secret/" + v1Key: true, "https://one.example/": false, "/etc/secret/file": false,
		"TST8Q~not-a-real-secret-0000000000000001": false, "C:\\secret\\abcdefghijklmnop": false,
	} {
		if got := onetime.Mentions(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
