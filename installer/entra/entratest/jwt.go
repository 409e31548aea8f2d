package entratest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"strings"
	"time"
)

const (
	rsaBits        = 2048
	signatureBytes = 256
	foreignID      = "99999999-0000-4000-8000-000000000009"
)

// signer holds the key of ID tokens. It is made when first needed: most tests
// never do, and it takes a while.
type signer struct {
	key *rsa.PrivateKey
	id  string
}

func (s *Server) signingKey() (*signer, error) {
	if s.signer != nil {
		return s.signer, nil
	}
	key, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	sum := sha256.Sum256(key.N.Bytes())
	s.signer = &signer{key, base64.RawURLEncoding.EncodeToString(sum[:20])}
	return s.signer, nil
}

// keys is the JWKS endpoint.
func (c *call) keys() answer {
	if a, ok := c.findTenant(); !ok && !isCommon(c.tenantName) {
		return a
	}
	s, err := c.server.signingKey()
	if err != nil {
		return page(http.StatusInternalServerError, "text/plain", err.Error())
	}
	return c.json(http.StatusOK, map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": s.id, "x5t": s.id,
		"n": base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()),
		"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(s.key.E)).Bytes()),
	}}})
}

func (c *call) idToken(app *application, user User, nonce string) (string, error) {
	s, err := c.server.signingKey()
	if err != nil {
		return "", err
	}
	claims := c.times()
	for name, value := range map[string]string{
		"aud": app.ClientID, "iss": c.issuer(), "tid": c.tenant.ID, "sub": user.ID, "oid": user.ID,
		"name": user.Name, "preferred_username": user.Email, "email": user.Email,
		"ver": "2.0", "uti": c.trace,
	} {
		claims[name] = value
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	text, err := unsigned(map[string]string{"typ": "JWT", "alg": "RS256", "kid": s.id}, claims)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// accessToken is a token for a resource. Nobody but the resource can verify
// one of Microsoft Graph, so its signature is noise here.
func (c *call) accessToken(i Issued) string {
	if c.server.knobs.Token == "opaque" {
		return "EwB4A8l6BAAU" + newGUID()
	}
	clientID, tenantID := i.ClientID, i.Tenant
	if c.server.knobs.ForeignTokens {
		clientID, tenantID = foreignID, foreignID
	}
	claims := c.times()
	maps.Copy(claims, i.claims())
	claims["tid"], claims["rh"], claims["uti"] = tenantID, "1.AAAA", c.trace
	if c.server.knobs.Token == "v2" {
		claims["ver"], claims["azp"], claims["azpacr"] = "2.0", clientID, i.proof()
		claims["iss"] = c.issuer()
	} else {
		claims["ver"], claims["appid"], claims["appidacr"] = "1.0", clientID, i.proof()
		claims["iss"], claims["idtyp"] = "https://sts.windows.net/"+tenantID+"/", i.kind()
	}
	signature := make([]byte, signatureBytes)
	_, _ = rand.Read(signature) // it never fails
	text, err := unsigned(map[string]string{"typ": "JWT", "nonce": c.trace, "alg": "RS256", "kid": "TST"}, claims)
	if err != nil {
		return err.Error()
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func (c *call) times() map[string]any {
	return map[string]any{
		"iat": c.clock.Add(-5 * time.Minute).Unix(), "nbf": c.clock.Add(-5 * time.Minute).Unix(),
		"exp": c.clock.Add(lifetimeSeconds * time.Second).Unix(),
	}
}

func unsigned(header map[string]string, claims map[string]any) (string, error) {
	head, err := json.Marshal(header)
	if err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body), nil
}

// objectID is a stable object ID of an application's service principal.
func objectID(clientID string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(clientID)))
	return guidOf([16]byte(sum[:16]))
}
