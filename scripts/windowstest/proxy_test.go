//go:build wine && linux

package windowstest_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const proxyDescription = `apiVersion: backend-installer/v1
kind: Installation
environment: PROXY
product: oauth2-proxy
version: 7.6.0
files:
  - path: C:\oauth2-proxy\secret
    format: raw
    slots: [{setting: identity.entra.clientSecret}]
services:
  - name: oauth2-proxy
    manager: windows
    reads: ['C:\oauth2-proxy\secret']
    health: {http: 'http://{listen}/ready', status: 200, within: 30s, stableFor: 2s}
settings:
  identity.entra.tenantId: {tenant}
  identity.entra.clientId: {client}
  identity.entra.authority: {authority}
  identity.entra.caBundle: '{ca}'
`

// A backend that nobody here wrote, which knows nothing of Windows services, hosted
// as one, adopted and rotated.
func TestOauth2ProxyAsAWindowsService(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	entra, listen := kit.NewAuthority(t, filepath.Join(t.TempDir(), "ca.pem")), kit.FreeAddress(t)
	entra.AllowSignIn(t, "http://"+listen+"/oauth2/callback")
	kit.Write(t, m.at(`C:\oauth2-proxy\secret`), entra.AddSecret(t))
	line := []string{
		seen(program(t, "servicehost.exe")), "oauth2-proxy", seen(program(t, "oauth2-proxy.exe")),
		"--email-domain=*", "--cookie-secret=0123456789abcdef0123456789abcdef", "--cookie-secure=false",
		"--redirect-url=http://" + listen + "/oauth2/callback", "--http-address=" + listen, "--provider=oidc",
		"--oidc-issuer-url=" + entra.URL + "/" + entra.Tenant + "/v2.0", "--client-id=" + entra.Client,
		"--provider-ca-file=" + seen(entra.CAFile), "--upstream=static://200",
		"--insecure-oidc-allow-unverified-email=true", "--skip-provider-button=true", `--client-secret-file=C:\oauth2-proxy\secret`,
	}
	m.windows("sc", "create", "oauth2-proxy", "binPath=", strings.Join(line, " "), "start=", "auto")
	m.windows("sc", "start", "oauth2-proxy")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		status, err := kit.Get(t, http.DefaultClient, "http://"+listen+"/ready")
		if err == nil && status == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("oauth2-proxy is not ready: %d, %v", status, err)
		}
	}
	if got := entra.SignIn(t, listen); got != http.StatusOK {
		t.Fatalf("a sign-in with the first secret ends with HTTP %d", got)
	}

	description := filepath.Join(t.TempDir(), "installation.yaml")
	kit.Write(t, description, strings.NewReplacer(
		"{listen}", listen, "{tenant}", entra.Tenant, "{client}", entra.Client, "{authority}", entra.URL, "{ca}", seen(entra.CAFile),
	).Replace(proxyDescription))
	m.installer(0, "adopt", seen(description))
	m.installer(0, "verify")
	fresh := entra.AddSecret(t)
	got := m.installer(0, "configure", "--environment", "PROXY", "--client-secret-file", seen(kit.SecretFile(t, fresh)))
	if !strings.Contains(got.Stdout, "service oauth2-proxy: running, restarted") {
		t.Errorf("stdout:\n%s", got.Stdout)
	}
	entra.RemoveOtherSecrets(t, fresh)
	if got := entra.SignIn(t, listen); got != http.StatusOK {
		t.Errorf("a sign-in with the new secret ends with HTTP %d", got)
	}
	if text := kit.Read(t, m.at(`C:\oauth2-proxy\secret`)); text != fresh {
		t.Errorf("the file holds %d bytes, want the secret and nothing else", len(text))
	}
	m.installer(0, "verify")
}
