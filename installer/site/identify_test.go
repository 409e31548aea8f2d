package site_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/site"
)

// remembering is an installation whose record holds an ID for a secret.
func remembering(t *testing.T, id string, value secret.Value) site.Site {
	t.Helper()
	key, err := secret.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := site.Site{Key: key, HasKey: true}
	s.Record.Credential = &site.Credential{ID: id, Fingerprint: s.Fingerprint(value)}
	return s
}

func TestTheSecretInUseIsKnownByHintAndRecordedID(t *testing.T) {
	used, before := secret.New("abc8Q~TST-in-use"), secret.New("abc8Q~TST-before")
	for name, c := range map[string]struct {
		recorded string
		of       secret.Value // that the record is about
		value    secret.Value
		listed   string // ID=hint
		want     string // ID=use
	}{
		"one hint":                      {"", used, used, "1=abc 2=xyz", "1=in use 2=other"},
		"two hints":                     {"", used, used, "1=abc 2=abc 3=xyz", "1=cannot tell 2=cannot tell 3=other"},
		"two hints, one recorded":       {"2", used, used, "1=abc 2=abc 3=xyz", "1=other 2=in use 3=other"},
		"recorded for another secret":   {"2", before, used, "1=abc 2=abc", "1=cannot tell 2=cannot tell"},
		"recorded, not listed":          {"9", used, used, "1=abc 2=xyz", "1=cannot tell 2=other"},
		"recorded, hint contradicts":    {"2", used, used, "1=abc 2=xyz", "1=in use 2=other"},
		"recorded in another case":      {"A", used, used, "a=abc b=abc", "a=in use b=other"},
		"no hint is shown":              {"", used, used, "1= 2=xyz", "1=cannot tell 2=other"},
		"no hint is shown, recorded":    {"1", used, used, "1= 2=xyz", "1=in use 2=other"},
		"one hint, one that is missing": {"", used, used, "1=abc 2=", "1=in use 2=cannot tell"},
		"no match":                      {"", used, used, "1=xyz", "1=other"},
		"no secret in the file":         {"", used, secret.Value{}, "1=abc 2=", "1=cannot tell 2=cannot tell"},
		"hints differ in case":          {"", used, used, "1=ABC", "1=other"},
	} {
		var listed []graph.Credential
		for _, text := range strings.Fields(c.listed) {
			id, hint, _ := strings.Cut(text, "=")
			listed = append(listed, graph.Credential{KeyID: id, Hint: hint})
		}
		var got []string
		for _, i := range remembering(t, c.recorded, c.of).Identify(listed, c.value) {
			got = append(got, fmt.Sprintf("%s=%s", i.KeyID, i.Use))
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: got %q, want %q", name, text, c.want)
		}
	}
}
