package entra

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const maxIdentifierLen = 64

// grantOf looks at a token. One that is no JWT is opaque, which
// Microsoft allows for tokens of others' APIs.
func grantOf(token *oauth2.Token, from *exchange.Answer) Grant {
	g := Grant{Token: secret.New(token.AccessToken), Skew: from.Skew}
	if !token.Expiry.IsZero() {
		g.Lifetime = time.Until(token.Expiry).Round(time.Minute)
	}
	parts := strings.Split(token.AccessToken, ".")
	if len(parts) != 3 {
		return g
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return g
	}
	var claims struct {
		TenantID string `json:"tid"`
		AppID    string `json:"appid"`
		Azp      string `json:"azp"`

		Roles json.RawMessage `json:"roles"`
	}
	if json.Unmarshal(text, &claims) != nil {
		return g
	}
	g.TenantID, g.AppID = exchange.Plain(claims.TenantID, maxIdentifierLen), exchange.Plain(claims.AppID, maxIdentifierLen)
	g.Powerless = len(claims.Roles) == 0
	if g.AppID == "" {
		g.AppID = exchange.Plain(claims.Azp, maxIdentifierLen)
	}
	return g
}
