package signin_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
)

func jwt(claims string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none"}`)) + "." + part([]byte(claims)) + ".c2ln"
}

func TestATokenIsTakenAsToolsPrintIt(t *testing.T) {
	good := jwt(`{"aud":"https://graph.microsoft.com/","exp":4102444800}`)
	for name, given := range map[string]string{
		"tsv":     good + "\r\n",
		"quoted":  `"` + good + `"`,
		"az":      `{"accessToken": "` + good + `", "expiresOn": "2026-11-26 13:00:00", "tenant": "x", "tokenType": "Bearer"}` + "\n",
		"OAuth":   `{"access_token":"` + good + `"}`,
		"by GUID": jwt(`{"aud":"00000003-0000-0000-c000-000000000000"}`),
		"opaque":  "EwB4A8l6BAAU",
		"no JWT":  "a.b.c",
	} {
		source, err := signin.ByToken(signin.Options{Resource: graph}, secret.New(given))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		value, err := source.Token(t.Context())
		if err != nil || !strings.Contains(given, value.Reveal()) || strings.ContainsAny(value.Reveal(), "\"{ \r\n") {
			t.Errorf("%s: got %d bytes, %v", name, value.Len(), err)
		}
	}
}

func TestATokenThatCannotBeUsedIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		given string
		want  error
	}{
		"nothing":          {"", signin.ErrNoToken},
		"an empty object":  {`{}`, signin.ErrNoToken},
		"a broken object":  {`{"accessToken": "eyJ`, signin.ErrNoToken},
		"two lines":        {"eyJ0\neyJ1", signin.ErrNoToken},
		"an error message": {"ERROR: Please run 'az login' to setup account.", signin.ErrNoToken},
		"Azure's":          {jwt(`{"aud":"https://management.core.windows.net/"}`), signin.ErrForeign},
	} {
		_, err := signin.ByToken(signin.Options{Resource: graph}, secret.New(c.given))
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), "eyJ") {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestATokenThatWasGivenIsNotUsedAfterItsEnd(t *testing.T) {
	now := time.Now()
	given := jwt(fmt.Sprintf(`{"aud":"https://graph.microsoft.com","exp":%d}`, now.Add(time.Minute).Unix()))
	source, err := signin.ByToken(signin.Options{
		Resource: graph, Way: exchange.Options{Now: func() time.Time { return now }},
	}, secret.New(given))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := source.Token(t.Context()); err != nil {
		t.Errorf("in its last minute: %v", err)
	}
	now = now.Add(time.Minute)
	if value, err := source.Token(t.Context()); !errors.Is(err, signin.ErrSpent) || !value.IsZero() {
		t.Errorf("got %v, want %v", err, signin.ErrSpent)
	}
}
