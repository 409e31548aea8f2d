//go:build system && linux

package systemtest_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const dropIn = "/etc/systemd/system/oauth2-proxy.service.d/secret.conf"

// proxy is oauth2-proxy under systemd, configured by hand.
type proxy struct {
	entra  *kit.Authority
	listen string
	folder string
}

// startProxy writes the configuration, in its folder where a name is not
// absolute, and the unit, and starts it.
func startProxy(t *testing.T, files map[string]string, arguments ...string) *proxy {
	t.Helper()
	p := &proxy{entra: newAuthority(t), listen: kit.FreeAddress(t), folder: "/etc/oauth2-proxy"}
	t.Cleanup(func() {
		quietly("systemctl", "disable", "--now", "oauth2-proxy")
		_ = os.Remove("/etc/systemd/system/oauth2-proxy.service") // made below
		_ = os.RemoveAll(filepath.Dir(dropIn))
		_ = os.RemoveAll(p.folder)
		_ = os.RemoveAll("/var/lib/empower")
		quietly("systemctl", "daemon-reload")
	})
	p.entra.AllowSignIn(t, "http://"+p.listen+"/oauth2/callback")
	for name, text := range files {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.folder, name)
		}
		kit.Write(t, name, p.fill(t, text))
	}
	line := append([]string{
		program(t, "oauth2-proxy"), "--email-domain=*", "--cookie-secret=0123456789abcdef0123456789abcdef",
		"--cookie-secure=false", "--redirect-url=http://{listen}/oauth2/callback",
	}, arguments...)
	kit.Write(t, "/etc/systemd/system/oauth2-proxy.service", p.fill(t,
		"[Unit]\nDescription=oauth2-proxy\n[Service]\nEnvironmentFile=-{folder}/environment\nExecStart="+strings.Join(line, " ")+"\nRestart=on-failure\n[Install]\nWantedBy=multi-user.target\n"))
	sh(t, "systemctl", "enable", "oauth2-proxy")
	sh(t, "systemctl", "start", "oauth2-proxy")
	p.wantReady(t)
	return p
}

// fill puts this proxy's values into a text.
func (p *proxy) fill(t *testing.T, text string) string {
	t.Helper()
	if strings.Contains(text, "{secret}") {
		text = strings.ReplaceAll(text, "{secret}", p.entra.AddSecret(t))
	}
	return strings.NewReplacer(
		"{listen}", p.listen, "{issuer}", p.entra.URL+"/"+p.entra.Tenant+"/v2.0", "{client}", p.entra.Client,
		"{tenant}", p.entra.Tenant, "{ca}", p.entra.CAFile, "{authority}", p.entra.URL, "{folder}", p.folder,
	).Replace(text)
}

func (p *proxy) wantReady(t *testing.T) {
	t.Helper()
	var last string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); <-time.After(100 * time.Millisecond) {
		response, err := kit.Get(t, http.DefaultClient, "http://"+p.listen+"/ready")
		if err == nil && response == http.StatusOK {
			return
		}
		last = fmt.Sprint(response, err)
	}
	t.Fatalf("oauth2-proxy is not ready: %s\n%s", last, sh(t, "journalctl", "--no-pager", "--unit", "oauth2-proxy", "--lines", "20"))
}

const proxyDescription = `apiVersion: backend-installer/v1
kind: Installation
environment: PROXY
product: oauth2-proxy
version: 7.6.0
files:
{files}
services:
  - name: oauth2-proxy.service
    manager: systemd
    reads: [{reads}]
    health: {http: 'http://{listen}/ready', status: 200, within: 30s, stableFor: 2s}
settings:
  identity.entra.tenantId: {tenant}
  identity.entra.clientId: {client}
  identity.entra.authority: {authority}
  identity.entra.caBundle: {ca}
`

func (p *proxy) adoptAndRotate(t *testing.T, files, reads string) {
	t.Helper()
	if got := p.entra.SignIn(t, p.listen); got != http.StatusOK {
		t.Fatalf("a sign-in with the first secret ends with HTTP %d", got)
	}
	description := filepath.Join(t.TempDir(), "installation.yaml")
	kit.Write(t, description, strings.NewReplacer("{files}", files, "{reads}", reads).Replace(p.fill(t, proxyDescription)))
	installer(t, 0, "adopt", description)
	installer(t, 0, "verify")
	before := mainPID(t, "oauth2-proxy")
	fresh := p.entra.AddSecret(t)
	installer(t, 0, "configure", "--environment", "PROXY", "--client-secret-file", kit.SecretFile(t, fresh))
	p.entra.RemoveOtherSecrets(t, fresh)
	if mainPID(t, "oauth2-proxy") == before {
		t.Error("oauth2-proxy was not restarted")
	}
	if got := p.entra.SignIn(t, p.listen); got != http.StatusOK {
		t.Errorf("a sign-in with the new secret ends with HTTP %d", got)
	}
	installer(t, 0, "verify")
}

func TestOauth2ProxyWithASecretFile(t *testing.T) {
	p := startProxy(t, map[string]string{"secret": "{secret}"}, proxyArguments("--client-secret-file={folder}/secret")...)
	p.adoptAndRotate(t, `  - path: /etc/oauth2-proxy/secret
    format: raw
    slots: [{setting: identity.entra.clientSecret}]`, "/etc/oauth2-proxy/secret")
}

func TestOauth2ProxyWithItsYAMLConfiguration(t *testing.T) {
	const alpha = `# alpha configuration, kept by hand
injectRequestHeaders: []
upstreamConfig:
  upstreams:
    - {id: static, path: /, static: true, staticCode: 200}
server:
  BindAddress: {listen}
providers:
  - id: entra   # the only one
    provider: oidc
    clientID: {client}
    clientSecret: '{secret}'  # see the portal
    caFiles: [{ca}]
    oidcConfig:
      issuerURL: {issuer}
      emailClaim: email
      userIDClaim: email
      audienceClaims: [aud]
      insecureAllowUnverifiedEmail: true
`
	p := startProxy(t, map[string]string{"alpha.yaml": alpha}, "--alpha-config={folder}/alpha.yaml")
	p.adoptAndRotate(t, `  - path: /etc/oauth2-proxy/alpha.yaml
    slots:
      - {setting: identity.entra.clientSecret, at: /providers/0/clientSecret}
      - {setting: identity.entra.clientId, at: /providers/0/clientID}`, "/etc/oauth2-proxy/alpha.yaml")
	text := kit.Read(t, "/etc/oauth2-proxy/alpha.yaml")
	if !strings.Contains(text, "'  # see the portal\n") || !strings.HasPrefix(text, "# alpha configuration, kept by hand\n") {
		t.Errorf("the file lost its form:\n%s", text)
	}
}

// proxyArguments are those of a proxy that gets its client secret elsewhere.
func proxyArguments(more ...string) []string {
	return append([]string{
		"--http-address={listen}", "--provider=oidc", "--oidc-issuer-url={issuer}", "--client-id={client}",
		"--provider-ca-file={ca}", "--upstream=static://200",
		"--insecure-oidc-allow-unverified-email=true", "--skip-provider-button=true",
	}, more...)
}

func TestOauth2ProxyWithItsTOMLConfiguration(t *testing.T) {
	p := startProxy(t, map[string]string{"proxy.cfg": "# kept by hand\n\nclient_secret\t= '{secret}' # see the portal\nreverse_proxy = false\n"},
		proxyArguments("--config={folder}/proxy.cfg")...)
	p.adoptAndRotate(t, `  - path: /etc/oauth2-proxy/proxy.cfg
    format: toml
    slots: [{setting: identity.entra.clientSecret, at: /client_secret}]`, "/etc/oauth2-proxy/proxy.cfg")
	if text := kit.Read(t, "/etc/oauth2-proxy/proxy.cfg"); !strings.HasPrefix(text, "# kept by hand\n\nclient_secret\t= '") ||
		!strings.HasSuffix(text, "' # see the portal\nreverse_proxy = false\n") {
		t.Errorf("the file lost its form:\n%s", text)
	}
}

func TestOauth2ProxyWithAnEnvironmentFile(t *testing.T) {
	p := startProxy(t, map[string]string{"environment": "; kept by hand\nOAUTH2_PROXY_CLIENT_SECRET=\"{secret}\"\n# the end"}, proxyArguments()...)
	p.adoptAndRotate(t, `  - path: /etc/oauth2-proxy/environment
    format: systemd-env
    slots: [{setting: identity.entra.clientSecret, at: OAUTH2_PROXY_CLIENT_SECRET}]`, "/etc/oauth2-proxy/environment")
	if text := kit.Read(t, "/etc/oauth2-proxy/environment"); !strings.HasPrefix(text, "; kept by hand\n") || !strings.HasSuffix(text, "\"\n# the end") {
		t.Errorf("the file lost its form:\n%s", text)
	}
}

// systemd has to read the unit again before its process has the new secret.
func TestOauth2ProxyWithADropIn(t *testing.T) {
	p := startProxy(t, map[string]string{dropIn: "[Service]\n# kept by hand\nEnvironment=A=1 \"OAUTH2_PROXY_CLIENT_SECRET={secret}\" B=2\n"}, proxyArguments()...)
	p.adoptAndRotate(t, `  - path: `+dropIn+`
    format: systemd-unit
    slots: [{setting: identity.entra.clientSecret, at: Service/Environment/OAUTH2_PROXY_CLIENT_SECRET}]`, dropIn)
}
