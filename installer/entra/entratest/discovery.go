package entratest

import (
	"net/http"
	"slices"
	"strings"
)

// discover is the OpenID configuration of a tenant, every address on the host
// that was asked.
func (c *call) discover() answer {
	if a, ok := c.findTenant(); !ok && !isCommon(c.tenantName) {
		return a
	}
	root := "https://" + c.request.Host
	in := root + "/" + c.tenantName
	return c.json(http.StatusOK, map[string]any{
		"token_endpoint":                        in + "/oauth2/v2.0/token",
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "private_key_jwt", "client_secret_basic"},
		"jwks_uri":                              in + "/discovery/v2.0/keys",
		"response_modes_supported":              []string{"query", "fragment", "form_post"},
		"subject_types_supported":               []string{"pairwise"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"response_types_supported":              []string{"code"},
		"scopes_supported":                      []string{"openid", "profile", "email", "offline_access"},
		"issuer":                                c.issuer(),
		"request_uri_parameter_supported":       false,
		"userinfo_endpoint":                     root + "/oidc/userinfo",
		"device_authorization_endpoint":         in + "/oauth2/v2.0/devicecode",
		"authorization_endpoint":                in + "/oauth2/v2.0/authorize",
		"code_challenge_methods_supported":      []string{"S256"},
		"claims_supported":                      []string{"sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "ver", "email"},
		"tenant_region_scope":                   "EU",
		"cloud_instance_name":                   "microsoftonline.com",
		"cloud_graph_host_name":                 "graph.windows.net",
		"msgraph_host":                          c.request.Host,
	})
}

// issuer carries the host that was asked and the tenant's GUID.
func (c *call) issuer() string {
	id := c.tenant.ID
	if id == "" {
		id = "{tenantid}"
	}
	return "https://" + c.request.Host + "/" + id + "/v2.0"
}

func isCommon(tenant string) bool {
	return slices.Contains([]string{"common", "organizations", "consumers"}, strings.ToLower(tenant))
}
