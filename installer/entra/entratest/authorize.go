package entratest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// redeemable is what an authorization code stands for.
type redeemable struct {
	app, redirect, nonce, scope string
	challenge                   string // S256; "" without PKCE
	user                        User
	spent                       bool
}

// authorize is the authorization endpoint: it signs the user in without a
// question and sends the browser back with a code. What is wrong with the
// request itself is told on a page, as the real one does.
func (c *call) authorize() answer {
	if a, ok := c.findTenant(); !ok {
		return c.asPage(a)
	}
	app := c.server.directory.app(c.form.Get("client_id"))
	if app == nil || app.Tenant != c.tenant.ID {
		return c.asPage(c.refuse(codeClientUnknown))
	}
	c.appName = app.Name
	redirect := c.form.Get("redirect_uri")
	if !app.redirects(redirect) {
		return c.asPage(c.refuse(codeRedirect, "{uri}", redirect))
	}
	user, ok := c.server.directory.user(c.tenant.ID, c.form.Get("login_hint"))
	if !ok || c.form.Get("response_type") != "code" {
		return c.asPage(c.refuse(90013))
	}
	code := "0.TST" + strings.ReplaceAll(newGUID(), "-", "")
	c.server.codes[code] = &redeemable{
		app: app.ClientID, redirect: redirect, nonce: c.form.Get("nonce"), scope: c.form.Get("scope"),
		challenge: c.form.Get("code_challenge"), user: user,
	}
	return c.sendBack(redirect, code)
}

func (c *call) sendBack(redirect, code string) answer {
	back, err := url.Parse(redirect)
	if err != nil {
		return c.asPage(c.refuse(codeRedirect, "{uri}", redirect))
	}
	query := back.Query()
	query.Set("code", code)
	query.Set("session_state", newGUID())
	if state := c.form.Get("state"); state != "" {
		query.Set("state", state)
	}
	back.RawQuery = query.Encode()
	a := html(http.StatusFound, "Object moved")
	a.header.Set("Location", back.String())
	a.outcome = "code"
	return a
}

func (*call) asPage(a answer) answer {
	shown := html(a.status, fmt.Sprintf("Sign in: AADSTS%d", a.code))
	shown.code, shown.outcome = a.code, a.outcome
	return shown
}

func (c *call) authorizationCode() answer {
	app, a, ok := c.authenticate(codeSecretMissingWeb)
	if !ok {
		return a
	}
	given := c.server.codes[c.form.Get("code")]
	switch {
	case given == nil || given.app != app.ClientID || given.redirect != c.form.Get("redirect_uri"):
		return c.refuse(codeCodeInvalid)
	case given.spent:
		return c.refuse(codeCodeRedeemed)
	case given.challenge != "" && given.challenge != challenge(c.form.Get("code_verifier")):
		return c.refuse(codeVerifier)
	}
	given.spent = true
	id, err := c.idToken(app, given)
	if err != nil {
		return page(http.StatusInternalServerError, "text/plain", err.Error())
	}
	access := c.accessToken(app, c.server.directory.graph)
	c.server.holders[access] = given.user
	a = c.json(http.StatusOK, granted{
		TokenType: "Bearer", Scope: given.scope, ExpiresIn: lifetimeSeconds, ExtExpiresIn: lifetimeSeconds,
		AccessToken: access, IDToken: id,
	})
	a.outcome = "token"
	return a
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// userInfo is Microsoft Graph's OpenID endpoint.
func (c *call) userInfo() answer {
	token, _ := strings.CutPrefix(c.request.Header.Get("Authorization"), "Bearer ")
	user, ok := c.server.holders[token]
	if !ok {
		return c.json(http.StatusUnauthorized, map[string]any{
			"error": map[string]string{"code": "InvalidAuthenticationToken", "message": "Access token is empty."},
		})
	}
	return c.json(http.StatusOK, map[string]string{
		"sub": user.ID, "name": user.Name, "email": user.Email,
	})
}
