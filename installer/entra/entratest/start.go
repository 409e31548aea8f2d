package entratest

import (
	"net/http"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// TB is what Start needs of a *testing.T.
type TB interface {
	Helper()
	TempDir() string
	Cleanup(func())
	Fatal(...any)
}

// Start starts a server that ends with the test; its CAFile is in a folder of
// the test.
func Start(tb TB, state State) *Server {
	tb.Helper()
	server, err := New(Options{State: state, CAFile: filepath.Join(tb.TempDir(), "entra-ca.pem")})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = server.Close() }) // nothing of it outlives the test's process
	return server
}

// Secret gives an application a fresh password, which spreads as the knobs
// say, and returns its value.
func (s *Server) Secret(tb TB, clientID string) secret.Value {
	tb.Helper()
	p, err := s.AddPassword(clientID, Password{})
	if err != nil {
		tb.Fatal(err)
	}
	return p.Value
}

// GraphToken issues an access token for Microsoft Graph without a sign-in: to an
// application as itself with its roles, or, where user is an e-mail address, to
// that user of its tenant with scopes.
func (s *Server) GraphToken(tb TB, clientID, user string, scopes ...string) secret.Value {
	tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	app := s.directory.app(clientID)
	if app == nil {
		tb.Fatal("no application " + clientID)
		return secret.Value{}
	}
	c := &call{server: s, clock: s.clock(), trace: newGUID(), tenant: Tenant{ID: app.Tenant}, request: &http.Request{Host: s.http.Addr}}
	to := Issued{ClientID: app.ClientID, Resource: s.directory.graph, Scopes: scopes}
	if user == "" {
		to.Roles = app.Roles
	} else if known, ok := s.directory.user(app.Tenant, user); ok {
		to.User = &known
	}
	return secret.New(c.issue(to))
}
