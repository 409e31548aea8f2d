//go:build system && linux

package systemtest_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// wrongSecret has the form of a client secret and is of no application.
const wrongSecret = "TST8Q~not-a-real-secret-but-a-wrong-oneZ"

// authority is a local Entra ID with one application and one user.
type authority struct {
	server *entratest.Server
	tenant string
	client string
	url    string
	caFile string // where a service under any account can read it
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	server := entratest.Start(t, entratest.State{Users: []entratest.User{{Name: "Test User", Email: "test.user@demo.example"}}})
	const folder = "/etc/authority"                // not in the folder of a test, which is closed to services
	t.Cleanup(func() { _ = os.RemoveAll(folder) }) // made below
	a := &authority{
		server: server, tenant: entratest.TenantID, client: entratest.ClientID, url: server.URL(),
		caFile: filepath.Join(folder, "ca.pem"),
	}
	write(t, a.caFile, string(server.CAPEM()))
	return a
}

func (a *authority) addSecret(t *testing.T) string {
	t.Helper()
	return a.server.Secret(t, a.client).Reveal()
}

// propagate makes secrets that are added from now on known after a time, with
// some successes before.
func (a *authority) propagate(t *testing.T, after time.Duration) {
	t.Helper()
	a.server.Set(entratest.Knobs{Propagation: after, Flapping: true})
}

func (a *authority) allowSignIn(t *testing.T, redirect string) {
	t.Helper()
	err := a.server.ChangeApp(a.client, func(app *entratest.App) { app.RedirectURIs = []string{redirect} })
	if err != nil {
		t.Fatal(err)
	}
}

// removeOtherSecrets makes sure that only one secret can have signed in.
func (a *authority) removeOtherSecrets(t *testing.T, keep string) {
	t.Helper()
	for _, app := range a.server.Apps() {
		for _, p := range app.Passwords {
			if p.Value.Reveal() == keep {
				continue
			}
			if err := a.server.RemovePassword(app.ClientID, p.KeyID); err != nil {
				t.Fatal(err)
			}
		}
	}
}
