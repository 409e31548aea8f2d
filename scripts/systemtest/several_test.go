//go:build system && linux

package systemtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// several is a release with three services that depend on each other and four
// files with the client secret: one for each, and one that the last two share.
type several struct {
	*installed

	listen  []string
	files   []string
	units   []string
	release string
}

const (
	severalUnit = `[Service]
Type=notify
User={{ .User }}
Group={{ .Group }}
ExecStart={{ .Paths.Current }}/backend --config {{ .Paths.Config }}/NAME.json
WorkingDirectory={{ .Paths.Data }}
TimeoutStartSec=10
`
	severalSettings = `{
  // NAME
  "AzureAd": {"Instance": "", "TenantId": "", "ClientId": "", "ClientSecret": ""},
  "Kestrel": {"Endpoints": {"Http": {"Url": "http://LISTEN"}}},
  "Diagnostics": {
    "FingerprintKeyFile": {{ json .FingerprintKey }}, "CABundle": "",
    "FaultFile": {{ json (printf "%s/fault-NAME" .Paths.Data) }}
  }
}
`
	severalManifest = `apiVersion: backend-installer/v1
product: three-backends
version: 9.7.0
user: empower
folders:
  - {path: '{{ .Paths.Program }}', mode: "0755"}
  - {path: '{{ .Paths.Program }}/releases', mode: "0755"}
  - {path: '{{ .Paths.Program }}/{{ .Env }}', mode: "0755"}
  - {path: '{{ .Paths.Config }}', mode: "0750"}
  - {path: '{{ .Paths.Data }}', mode: "0750", owner: service}
files:
  - {template: shared.tmpl, target: '{{ .Paths.Config }}/shared.yaml', format: yaml, mode: "0640",
     slots: [{setting: identity.entra.clientSecret, at: /clientSecret}]}
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
    unit: NAME.service.tmpl
    after: [AFTER]
    reads: [NAME.jsonSHARED]
    health: {http: 'http://LISTEN/health/ready', status: 200, credential: /credential/fingerprint, within: 20s, stableFor: 500ms}
`
)

func installSeveral(t *testing.T) *several {
	t.Helper()
	s := &several{installed: planInstallation(t, "ONE"), release: t.TempDir()}
	files, services := severalManifest, "services:\n"
	after := ""
	for _, name := range []string{"one", "two", "three"} {
		listen, shared := kit.FreeAddress(t), ", shared.yaml"
		if name == "one" {
			shared = ""
		}
		fill := strings.NewReplacer("NAME", name, "LISTEN", listen, "AFTER", after, "SHARED", shared)
		files += fill.Replace(severalFile)
		services += fill.Replace(severalService)
		kit.Write(t, filepath.Join(s.release, name+".tmpl"), fill.Replace(severalSettings))
		kit.Write(t, filepath.Join(s.release, name+".service.tmpl"), fill.Replace(severalUnit))
		s.listen, s.units = append(s.listen, listen), append(s.units, "several-"+name+".service")
		s.files = append(s.files, "/etc/empower/backend/ONE/"+name+".json")
		after = "several-" + name
	}
	s.files = append(s.files, "/etc/empower/backend/ONE/shared.yaml")
	kit.Write(t, filepath.Join(s.release, "shared.tmpl"), "# of the last two\nclientSecret: ''\n")
	kit.Write(t, filepath.Join(s.release, "release.yaml"), files+services)
	t.Cleanup(func() {
		for _, unit := range slices.Backward(s.units) {
			quietly("systemctl", "stop", unit)
			_ = os.Remove("/etc/systemd/system/" + unit) // the next test starts from nothing
		}
	})
	installer(t, 0, append(s.installArgs(), "--release", s.release)...)
	return s
}

// standing is what every file holds and every service runs as.
func (s *several) standing(t *testing.T) (contents []string, running []kit.Ready) {
	t.Helper()
	for _, file := range s.files {
		contents = append(contents, kit.Read(t, file))
	}
	for i, listen := range s.listen {
		now := kit.WantReady(t, listen)
		if now.PID != mainPID(t, s.units[i]) {
			t.Errorf("%s: process %d answers, not the unit's own", s.units[i], now.PID)
		}
		running = append(running, now)
	}
	return contents, running
}

func TestFourFilesOfThreeServicesSwitchTogether(t *testing.T) {
	s := installSeveral(t)
	before, old := s.standing(t)
	fresh := s.entra.AddSecret(t)
	kit.WantResult(t, installer(t, 0, s.configure("--client-secret-file", kit.SecretFile(t, fresh), "--output", "json")...), "changed")
	after, now := s.standing(t)
	for i, text := range after {
		if text == before[i] || strings.Count(text, fresh) != 1 {
			t.Errorf("%s does not hold the new secret", s.files[i])
		}
	}
	for i, r := range now {
		if r.PID == old[i].PID || r.Credential == old[i].Credential || r.Credential != now[0].Credential {
			t.Errorf("%s is not new: %+v, before %+v", s.units[i], r, old[i])
		}
	}
	wantNothingBeside(t, s.files[0])
	installer(t, 0, "verify")
}

func TestWhereOnlyTheThirdServiceFailsAllFourFilesAndThreeServicesGoBack(t *testing.T) {
	s := installSeveral(t)
	for i, fault := range []string{"exit-at-start", "never-ready", "exit-after-ready"} {
		before, old := s.standing(t)
		if fault == "exit-after-ready" {
			s.watchLonger(t)
		}
		kit.Write(t, "/var/lib/empower/backend/ONE/fault-three", fault)
		got := installer(t, 20, s.configure("--client-secret-file", kit.SecretFile(t, s.entra.AddSecret(t)), "--output", "json")...)
		kit.WantResult(t, got, "rolled-back")
		after, now := s.standing(t)
		if !slices.Equal(after, before) {
			t.Errorf("%s: not every file is as before", fault)
		}
		for j, r := range now {
			if r.Credential.Fingerprint != old[j].Credential.Fingerprint || r.PID == old[j].PID {
				t.Errorf("%s: %s is %+v, was %+v", fault, s.units[j], r, old[j])
			}
		}
		wantNothingBeside(t, s.files[0])
		installer(t, 0, "verify")
		t.Log(fmt.Sprint(i+1), "put back after", fault)
	}
}

// watchLonger lets a service that dies five seconds after its start be seen.
func (s *several) watchLonger(t *testing.T) {
	t.Helper()
	path := stateRoot + "/ONE/installation.yaml"
	kit.Write(t, path, strings.ReplaceAll(kit.Read(t, path), "stableFor: 500ms", "stableFor: 7s"))
}
