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
	RefreshToken string `json:"refresh_token,omitempty"`
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
	case grantDeviceCode, grantDeviceMSAL:
		return c.deviceCode()
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
		AccessToken: c.issue(Issued{ClientID: app.ClientID, Resource: resource, Roles: app.Roles}),
	})
	a.outcome = "token"
	return a
}

// client finds the application, whatever it proves. Not ok comes with the
// refusal.
func (c *call) client() (*application, answer, bool) {
	id := c.form.Get("client_id")
	if id == "" {
		return nil, c.refuse(codeParameter, "{parameter}", "client_id"), false
	}
	if !isGUID(id) {
		return nil, c.refuse(codeClientMalformed), false
	}
	app := c.server.directory.client(id, c.tenant.ID)
	if app == nil {
		return nil, c.refuse(codeClientUnknown), false
	}
	c.appName = app.Name
	if app.Disabled {
		return nil, c.refuse(codeAppDisabled), false
	}
	return app, answer{}, true
}

// authenticate finds the application and judges its secret; missing is the
// error of a request without one. A public client signs users in without. Not
// ok comes with the refusal.
func (c *call) authenticate(missing int) (*application, answer, bool) {
	app, a, ok := c.client()
	if !ok {
		return nil, a, false
	}
	value := c.form.Get("client_secret")
	switch {
	case app.Public && len(app.passwords) == 0 && value != "":
		return nil, c.refuse(codePublic), false
	case app.Public && value == "" && missing == codeSecretMissingWeb:
		return app, answer{}, true
	case value == "":
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

// delegated reads the scope of an application that signs a user in: which
// resource, and which of its permissions. A scope without a resource is Microsoft
// Graph's, those of OpenID do not count. Not ok comes with the refusal.
func (c *call) delegated(app *application, scope string) (resource string, permissions []string, a answer, ok bool) {
	for _, one := range strings.Fields(scope) {
		at := strings.LastIndex(one, "/")
		if at >= 0 && resource != "" && one[:at] != resource {
			return "", nil, c.refuse(codeResources), false
		}
		if at >= 0 {
			resource = one[:at]
		}
		switch permission := one[at+1:]; {
		case slices.Contains([]string{"openid", "profile", "email", "offline_access"}, permission):
		case permission == ".default":
			permissions = append(permissions, app.consented()...)
		default:
			permissions = append(permissions, permission)
		}
	}
	if resource == "" {
		resource = c.server.directory.graph
	}
	if !c.server.directory.resource(resource, c.tenant.ID) {
		return "", nil, c.refuse(codeResource, "{resource}", resource), false
	}
	return resource, permissions, answer{}, true
}

// consented is what .default stands for when a user signs in.
func (a *application) consented() []string {
	if a.ClientID == PublicClientID {
		return []string{"Application.ReadWrite.All", "User.Read"}
	}
	return []string{"User.Read"}
}

// grantUser is the success of a user's sign-in.
func (c *call) grantUser(app *application, user User, scope, nonce string) answer {
	resource, permissions, a, ok := c.delegated(app, scope)
	if !ok {
		return a
	}
	body := granted{
		TokenType: "Bearer", Scope: scope, ExpiresIn: lifetimeSeconds, ExtExpiresIn: lifetimeSeconds,
		AccessToken: c.issue(Issued{ClientID: app.ClientID, Resource: resource, User: &user, Scopes: permissions, public: app.Public}),
	}
	scopes := strings.Fields(scope)
	all := c.server.knobs.UnaskedTokens
	if all || slices.Contains(scopes, "offline_access") {
		body.RefreshToken = c.server.gave(RefreshToken, "1.TSTrefresh"+newGUID()) // for show: no grant takes it
	}
	if all || slices.Contains(scopes, "openid") {
		id, err := c.idToken(app, user, nonce)
		if err != nil {
			return page(http.StatusInternalServerError, "text/plain", err.Error())
		}
		body.IDToken = c.server.gave(IDToken, id)
	}
	a = c.json(http.StatusOK, body)
	a.outcome = "token"
	return a
}
