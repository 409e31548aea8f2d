package entratest

import (
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
