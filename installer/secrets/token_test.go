package secrets_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/secrets"
)

func TestATokenIsFoundInWhatAzPrints(t *testing.T) {
	const token = "eyJ0.TST-token.c2ln_-"
	for _, given := range []string{
		token, token + "\r\n", `"` + token + `"` + "\n", "Bearer " + token,
		"{\n  \"accessToken\": \"" + token + "\",\n  \"expiresOn\": \"2026-11-26 12:00:00.000000\",\n  \"expires_on\": 1795687200,\n  \"tokenType\": \"Bearer\"\n}\n",
	} {
		got, err := secrets.ParseToken(secret.New(given))
		if err != nil || got.Reveal() != token {
			t.Errorf("%q: got %q, %v", given, got.Reveal(), err)
		}
	}
}

func TestWhatIsNoTokenIsRefusedWithoutItsText(t *testing.T) {
	for given, want := range map[string]error{
		"": secrets.ErrNoToken, " \n": secrets.ErrNoToken, `{"accessToken": ""}`: secrets.ErrNoToken, `{"TST-x": `: secrets.ErrNoToken,
		`{"accessToken": {"TST-x": 1}}`: secrets.ErrNoToken, "TST-x TST-y": secrets.ErrNotToken, "TST-x\nTST-y": secrets.ErrNotToken,
		`"TST-x`: secrets.ErrNotToken, "TST-ü": secrets.ErrNotToken, strings.Repeat("x", 33<<10): secrets.ErrNotToken,
	} {
		got, err := secrets.ParseToken(secret.New(given))
		if !errors.Is(err, want) || !got.IsZero() || strings.Contains(err.Error(), "TST") {
			t.Errorf("%.20q: got %v, want %v", given, err, want)
		}
	}
}
