package entratest

import (
	"net/http"
	"slices"
	"strings"
)

// admit finds the holder of the token; not ok comes with the refusal.
func (c *graphCall) admit() (answer, bool) {
	to, ok := c.server.bearer(c.request)
	if !ok || strings.TrimSuffix(to.Resource, "/") != c.server.directory.graph {
		return c.deny("unauthenticated"), false
	}
	c.holder = to
	return answer{}, true
}

func (i Issued) has(permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(permission string) bool {
		return slices.Contains(i.Roles, permission) || slices.Contains(i.Scopes, permission)
	})
}

// owns reports whether the holder is among the owners of an application.
func (i Issued) owns(app *application) bool {
	return slices.ContainsFunc(app.Owners, func(owner string) bool {
		if i.User != nil {
			return strings.EqualFold(owner, i.User.ID) || strings.EqualFold(owner, i.User.Email)
		}
		return strings.EqualFold(owner, i.ClientID)
	})
}

// may reports whether the holder may do what the call asks with an application.
// A user needs the delegated permission and a right of their own.
func (c *graphCall) may(app *application) bool {
	h := c.holder
	if c.act == graphPolicy {
		return h.has("Policy.Read.All", "Policy.Read.ApplicationConfiguration")
	}
	if c.request.Method == http.MethodGet && c.mayList() {
		return true
	}
	if h.has("Application.ReadWrite.All", "Directory.ReadWrite.All") {
		return h.User == nil || h.User.Admin || h.owns(app)
	}
	return h.User == nil && h.has("Application.ReadWrite.OwnedBy") && h.owns(app)
}

// mayList reports whether the holder may read every application.
func (c *graphCall) mayList() bool {
	return c.holder.has("Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All")
}
