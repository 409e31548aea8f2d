// Package kit is what the tests of the finished programs share, whatever system
// they run on: a local Entra ID with its application, what the reference backend
// says of itself, a browser that signs in, and a search for secrets.
package kit

import (
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// WrongSecret has the form of a client secret and is of no application.
const WrongSecret = "TST8Q~not-a-real-secret-but-a-wrong-oneZ" //nolint:gosec // of nobody

// Authority is a local Entra ID with one application and one user.
type Authority struct {
	Server *entratest.Server
	Tenant string
	Client string
	URL    string
	CAFile string
}

// NewAuthority starts one. The file gets its certificate authority.
func NewAuthority(t *testing.T, caFile string) *Authority {
	t.Helper()
	server := entratest.Start(t, entratest.State{Users: []entratest.User{{Name: "Test User", Email: "test.user@demo.example"}}})
	Write(t, caFile, string(server.CAPEM()))
	return &Authority{
		Server: server, Tenant: entratest.TenantID, Client: entratest.ClientID, URL: server.URL(), CAFile: caFile,
	}
}

// AddSecret makes a secret of the application.
func (a *Authority) AddSecret(t *testing.T) string {
	t.Helper()
	return a.Server.Secret(t, a.Client).Reveal()
}

// Propagate makes secrets that are added from now on known after a time, with
// some successes before.
func (a *Authority) Propagate(t *testing.T, after time.Duration) {
	t.Helper()
	a.Server.Set(entratest.Knobs{Propagation: after, Flapping: true})
}

// AllowSignIn lets users come back to an address after they signed in.
func (a *Authority) AllowSignIn(t *testing.T, redirect string) {
	t.Helper()
	err := a.Server.ChangeApp(a.Client, func(app *entratest.App) { app.RedirectURIs = []string{redirect} })
	if err != nil {
		t.Fatal(err)
	}
}

// RemoveOtherSecrets makes sure that only one secret can have signed in.
func (a *Authority) RemoveOtherSecrets(t *testing.T, keep string) {
	t.Helper()
	for _, app := range a.Server.Apps() {
		for _, p := range app.Passwords {
			if p.Value.Reveal() == keep {
				continue
			}
			if err := a.Server.RemovePassword(app.ClientID, p.KeyID); err != nil {
				t.Fatal(err)
			}
		}
	}
}
