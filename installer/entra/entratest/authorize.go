package entratest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
)

const methodS256 = "S256"

// redeemable is what an authorization code stands for.
type redeemable struct {
	app, redirect, nonce, scope string
	challenge, method           string // "" without PKCE
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
	app := c.server.directory.client(c.form.Get("client_id"), c.tenant.ID)
	if app == nil {
		return c.asPage(c.refuse(codeClientUnknown))
	}
	c.appName = app.Name
	redirect := c.form.Get("redirect_uri")
	if !app.redirects(redirect) {
		return c.asPage(c.refuse(codeRedirect, "{uri}", redirect))
	}
	user, ok := c.server.directory.user(c.tenant.ID, c.form.Get("login_hint"))
	if !ok || c.form.Get("response_type") != "code" || !isMethod(c.form.Get("code_challenge_method")) {
		return c.asPage(c.refuse(90013))
	}
	if c.server.knobs.DeclineConsent {
		return c.declined(redirect)
	}
	code := c.server.gave(AuthorizationCode, "0.TST"+strings.ReplaceAll(newGUID(), "-", ""))
	c.server.codes[code] = &redeemable{
		app: app.ClientID, redirect: redirect, nonce: c.form.Get("nonce"), scope: c.form.Get("scope"),
		challenge: c.form.Get("code_challenge"), method: c.form.Get("code_challenge_method"), user: user,
	}
	a := c.sendBack(redirect, url.Values{"code": {code}, "session_state": {newGUID()}})
	a.outcome = "code"
	return a
}

// isMethod knows those of RFC 7636.
func isMethod(text string) bool { return text == "" || text == "plain" || text == methodS256 }

// declined sends the refusal back that a user's "Cancel" is.
func (c *call) declined(redirect string) answer {
	refused := c.refuse(codeConsentDeclined)
	var body failure
	if err := json.Unmarshal(refused.body, &body); err != nil {
		return page(http.StatusInternalServerError, "text/plain", err.Error())
	}
	a := c.sendBack(redirect, url.Values{"error": {body.Error}, "error_description": {body.Description}, "error_uri": {body.URI}})
	a.code, a.outcome = refused.code, refused.outcome
	return a
}

func (c *call) sendBack(redirect string, told url.Values) answer {
	back, err := url.Parse(redirect)
	if err != nil {
		return c.asPage(c.refuse(codeRedirect, "{uri}", redirect))
	}
	if back.Path == "" {
		back.Path = "/" // as Entra ID does
	}
	query := back.Query()
	maps.Copy(query, told)
	if state := c.form.Get("state"); state != "" {
		query.Set("state", state)
	}
	back.RawQuery = query.Encode()
	a := html(http.StatusFound, "Object moved")
	a.header.Set("Location", back.String())
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
	case !given.verified(c.form.Get("code_verifier")):
		return c.refuse(codeVerifier)
	}
	given.spent = true
	return c.grantUser(app, given.user, given.scope, given.nonce)
}

// verified compares by the method of RFC 7636; without one it is plain.
func (given *redeemable) verified(verifier string) bool {
	switch {
	case given.challenge == "":
		return true
	case given.method == methodS256:
		return given.challenge == challenge(verifier)
	}
	return given.challenge == verifier
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// userInfo is Microsoft Graph's OpenID endpoint.
func (c *call) userInfo() answer {
	holder, ok := c.server.bearer(c.request)
	if !ok || holder.User == nil {
		return c.json(http.StatusUnauthorized, map[string]any{
			"error": map[string]string{"code": "InvalidAuthenticationToken", "message": "Access token is empty."},
		})
	}
	return c.json(http.StatusOK, map[string]string{
		"sub": holder.User.ID, "name": holder.User.Name, "email": holder.User.Email,
	})
}
