package entratest

import (
	"maps"
	"net/http"
	"strings"
	"time"
)

// maxTokens is how many access tokens are remembered.
const maxTokens = 10_000

// Issued is what an access token stands for.
type Issued struct {
	Tenant   string // identifier
	ClientID string
	Resource string    // e.g. https://graph.microsoft.com
	User     *User     // who signed in; nil where the application did by itself
	Scopes   []string  // of a user's token: permissions such as Application.ReadWrite.All
	Roles    []string  // of an application's own token: permissions such as Application.ReadWrite.OwnedBy
	Expires  time.Time // by the server's clock

	public bool
}

// issue makes an access token and remembers what it stands for.
func (c *call) issue(i Issued) string {
	i.Tenant, i.Expires = c.tenant.ID, c.clock.Add(lifetimeSeconds*time.Second)
	token := c.server.gave(AccessToken, c.accessToken(i))
	known := c.server.tokens
	if len(known) >= maxTokens {
		maps.DeleteFunc(known, func(_ string, old Issued) bool { return !c.clock.Before(old.Expires) })
	}
	if len(known) < maxTokens {
		known[token] = i
	}
	return token
}

// bearer is what the access token of a request stands for; not ok is one that
// is missing, unknown or expired. Call it under the lock.
func (s *Server) bearer(r *http.Request) (Issued, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return Issued{}, false
	}
	i, ok := s.tokens[token]
	return i, ok && s.clock().Before(i.Expires)
}

// Holder is what an access token stands for, for tests.
func (s *Server) Holder(token string) (Issued, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bearer(&http.Request{Header: http.Header{"Authorization": {"Bearer " + token}}})
}

// claims are those about the holder.
func (i Issued) claims() map[string]any {
	if i.User != nil {
		return map[string]any{
			"aud": i.Resource, "oid": i.User.ID, "sub": i.User.ID, "upn": i.User.Email, "scp": strings.Join(i.Scopes, " "),
		}
	}
	object := objectID(i.ClientID)
	claims := map[string]any{"aud": i.Resource, "oid": object, "sub": object}
	if len(i.Roles) > 0 {
		claims["roles"] = i.Roles
	}
	return claims
}

// kind is the claim idtyp.
func (i Issued) kind() string {
	if i.User != nil {
		return "user"
	}
	return "app"
}

// proof is the claim appidacr: a public client proves nothing.
func (i Issued) proof() string {
	if i.public {
		return "0"
	}
	return "1"
}
