//go:build wine && linux

package windowstest_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

const (
	severalManifest = `apiVersion: backend-installer/v1
product: three-backends
version: 9.7.0
folders:
  - {path: '{{ .Paths.Config }}', mode: "0750"}
  - {path: '{{ .Paths.Data }}', mode: "0750", owner: service}
files:
`
	severalFile = `  - template: NAME.tmpl
    target: '{{ .Paths.Config }}/NAME.json'
    format: jsonc
    mode: "0640"
    slots:
      - {setting: identity.entra.clientSecret, at: /AzureAd/ClientSecret}
      - {setting: identity.entra.tenantId, at: /AzureAd/TenantId}
      - {setting: identity.entra.clientId, at: /AzureAd/ClientId}
      - {setting: identity.entra.authority, at: /AzureAd/Instance}
      - {setting: identity.entra.caBundle, at: /Diagnostics/CABundle}
`
	severalService = `  - name: several-NAME
    windows: {exec: ['{{ .Paths.Current }}/backend.exe', --service, several-NAME, --config, '{{ .Paths.Config }}/NAME.json']}
    after: [AFTER]
    reads: [NAME.json]
    health: {http: 'http://LISTEN/health/ready', status: 200, credential: /credential/fingerprint, within: 8s, stableFor: 500ms}
`
	severalSettings = `{
  "AzureAd": {"Instance": "", "TenantId": "", "ClientId": "", "ClientSecret": ""},
  "Kestrel": {"Endpoints": {"Http": {"Url": "http://LISTEN"}}},
  "Diagnostics": {
    "FingerprintKeyFile": {{ json .FingerprintKey }}, "CABundle": "",
    "FaultFile": {{ json (printf "%s\\fault-NAME" .Paths.Data) }}
  }
}
`
)

// several is a release with three services that come after each other.
type several struct {
	*installed

	names  []string
	listen []string
}

func installSeveral(t *testing.T) *several {
	t.Helper()
	s := &several{installed: planInstallation(t, "ONE"), names: []string{"one", "two", "three"}}
	release := t.TempDir()
	files, services := severalManifest, "services:\n"
	after := ""
	for _, name := range s.names {
		listen := kit.FreeAddress(t)
		fill := strings.NewReplacer("NAME", name, "LISTEN", listen, "AFTER", after)
		files += fill.Replace(severalFile)
		services = strings.Replace(services, "services:\n", "services:\n"+fill.Replace(severalService), 1) // the last one first
		kit.Write(t, filepath.Join(release, name+".tmpl"), fill.Replace(severalSettings))
		s.listen, after = append(s.listen, listen), "several-"+name
	}
	kit.Write(t, filepath.Join(release, "release.yaml"), files+services)
	s.installer(0, append(s.installArgs(), "--release", seen(release))...)
	return s
}

func (s *several) standing() (contents []string, running []kit.Ready) {
	s.t.Helper()
	for i, name := range s.names {
		contents = append(contents, kit.Read(s.t, filepath.Join(filepath.Dir(s.config), name+".json")))
		running = append(running, kit.WantReady(s.t, s.listen[i]))
	}
	return contents, running
}

// Wine ignores what services depend on, and Windows orders starts at boot only: the
// program keeps the order itself.
func TestThreeServicesRestartInOrderAndGoBackTogether(t *testing.T) {
	t.Parallel()
	s := installSeveral(t)
	before, old := s.standing()
	fresh := s.entra.AddSecret(t)
	got := s.installer(0, s.configure("--client-secret-file", seen(kit.SecretFile(t, fresh)))...)
	var order []string
	for line := range strings.Lines(got.Stderr) {
		for _, verb := range []string{"stop", "start"} {
			if name, ok := strings.CutPrefix(strings.TrimSpace(line), ".. "+verb+" several-"); ok {
				order = append(order, verb+" "+name)
			}
		}
	}
	want := []string{"stop three", "stop two", "stop one", "start one", "start two", "start three"}
	if !slices.Equal(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
	after, now := s.standing()
	for i := range s.names {
		if strings.Count(after[i], fresh) != 1 || now[i].PID == old[i].PID || now[i].Credential == old[i].Credential {
			t.Errorf("%s is not new: %+v, before %+v", s.names[i], now[i], old[i])
		}
	}

	before, old = s.standing()
	kit.Write(t, s.at(`C:\ProgramData\empower\backend\ONE\data\fault-three`), "exit-at-start")
	kit.WantResult(t, s.installer(20, s.configure("--client-secret-file", s.fresh(), "--output", "json")...), "rolled-back")
	after, now = s.standing()
	if !slices.Equal(after, before) {
		t.Error("not every file is as before")
	}
	for i := range s.names {
		if now[i].Credential != old[i].Credential {
			t.Errorf("%s: signed in with %q, want %q", s.names[i], now[i].Credential.Fingerprint, old[i].Credential.Fingerprint)
		}
	}
	s.installer(0, "verify")
}
