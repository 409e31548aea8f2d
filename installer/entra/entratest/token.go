package entratest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/secret"
)

const lifetimeSeconds = 3599

// granted is the body of a success.
type granted struct {
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    int    `json:"expires_in"`
	ExtExpiresIn int    `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	IDToken      string `json:"id_token,omitempty"`
}

// token is the token endpoint. A further grant is a further case here.
func (c *call) token() answer {
	if a, ok := c.findTenant(); !ok {
		return a
	}
	switch c.grant {
	case "":
		return c.refuse(codeParameter, "{parameter}", "grant_type")
	case "client_credentials":
		return c.clientCredentials()
	case "authorization_code":
		return c.authorizationCode()
	default:
		return c.refuse(codeGrant)
	}
}

// findTenant reads the tenant of the path; not ok comes with the refusal.
func (c *call) findTenant() (answer, bool) {
	switch strings.ToLower(c.tenantName) {
	case "common", "consumers":
		return c.refuse(codeTenantCommon), false
	case "organizations":
		return c.refuse(codeTenantMissing), false
	}
	tenant, ok := c.server.directory.tenant(c.tenantName)
	if !ok {
		return c.refuse(tenantProblem(c.tenantName)), false
	}
	c.tenant = tenant
	return answer{}, true
}

// tenantProblem tells a name that no tenant can have from one that none has.
func tenantProblem(name string) int {
	almostGUID := regexp.MustCompile(`^[0-9a-fA-F-]{30,}$`).MatchString(name) && !isGUID(name)
	if almostGUID || !regexp.MustCompile(`^[A-Za-z0-9.-]+$`).MatchString(name) {
		return codeTenantMalformed
	}
	return codeTenantUnknown
}

func (c *call) clientCredentials() answer {
	app, a, ok := c.authenticate(codeSecretMissing)
	if !ok {
		return a
	}
	resource, a, ok := c.resource()
	if !ok {
		return a
	}
	if app.Blocked {
		return c.refuse(codeBlocked)
	}
	a = c.json(http.StatusOK, granted{
		TokenType: "Bearer", ExpiresIn: lifetimeSeconds, ExtExpiresIn: lifetimeSeconds,
		AccessToken: c.accessToken(app, resource),
	})
	a.outcome = "token"
	return a
}

// authenticate finds the application and judges its secret; missing is the
// error of a request without one. Not ok comes with the refusal.
func (c *call) authenticate(missing int) (*application, answer, bool) {
	id := c.form.Get("client_id")
	if id == "" {
		return nil, c.refuse(codeParameter, "{parameter}", "client_id"), false
	}
	if !isGUID(id) {
		return nil, c.refuse(codeClientMalformed), false
	}
	app := c.server.directory.app(id)
	if app == nil || app.Tenant != c.tenant.ID {
		return nil, c.refuse(codeClientUnknown), false
	}
	c.appName = app.Name
	if app.Disabled {
		return nil, c.refuse(codeAppDisabled), false
	}
	value := c.form.Get("client_secret")
	if value == "" {
		return nil, c.refuse(missing), false
	}
	judged := app.check(secret.New(value), c.clock, c.server.now())
	c.keyID = judged.keyID
	if judged.code != 0 {
		return nil, c.refuse(judged.code), false
	}
	return app, answer{}, true
}

// resource reads the scope of an application that signs in as itself. Scopes
// of OpenID, which Microsoft's own clients add, do not count.
func (c *call) resource() (string, answer, bool) {
	scopes := slices.DeleteFunc(strings.Fields(c.form.Get("scope")), func(scope string) bool {
		return slices.Contains([]string{"openid", "profile", "email", "offline_access"}, scope)
	})
	switch {
	case len(scopes) == 0:
		return "", c.refuse(codeParameter, "{parameter}", "scope"), false
	case len(scopes) > 1:
		return "", c.refuse(codeScope), false
	}
	resource, ok := strings.CutSuffix(scopes[0], "/.default")
	if !ok {
		return "", c.refuse(codeScopeDefault), false
	}
	if !c.server.directory.resource(resource, c.tenant.ID) {
		return "", c.refuse(codeResource, "{resource}", resource), false
	}
	return resource, answer{}, true
}
