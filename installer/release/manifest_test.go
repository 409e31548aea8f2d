package release_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/release"
)

const manifest = `apiVersion: backend-installer/v1
product: backend
version: 1.2.3
user: runner
folders:
  - {path: '{conf}', mode: "0750"}
  - {path: '{data}', mode: "0700", owner: service}
files:
  - template: settings.tmpl
    target: '{conf}/settings.json'
    mode: "0640"
    slots: [{setting: identity.entra.clientSecret, at: /Secret}]
  - {template: notes.tmpl, target: '{conf}/notes.txt', mode: "0644"}
services:
  - name: backend-{env}
    unit: unit.tmpl
    enable: true
    command: {start: ['{data}/run'], stop: ['{data}/halt'], status: ['{data}/ask'], pid: '{data}/pid'}
    reads: ['{conf}/settings.json']
    health: {http: 'http://127.0.0.1:1/{env}', within: 60s}
`

func view(manager string) release.View {
	files := map[string]string{"settings.tmpl": `{"Secret": "", "env": "{env}"}`, "notes.tmpl": "notes", "unit.tmpl": "[Service]\nExecStart={data}/run\n"}
	return release.View{
		Environment: "PROD", Manager: manager, Installer: "9.7.0", Known: known,
		Read: func(name string) ([]byte, error) {
			text, ok := files[name]
			if !ok {
				return nil, fs.ErrNotExist
			}
			return []byte(text), nil
		},
		Render: func(name, text string) (string, error) {
			if strings.Contains(text, "{broken}") {
				return "", errors.New(name + ":1: broken")
			}
			return strings.NewReplacer("{conf}", "/conf", "{data}", "/data", "{env}", "PROD").Replace(text), nil
		},
	}
}

func realise(t *testing.T, manager string) release.Realised {
	t.Helper()
	m, err := release.ParseManifest([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Realise(view(manager))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAReleaseIsWorkedOutForSystemd(t *testing.T) {
	r := realise(t, release.Systemd)
	if r.User != "runner" || r.Installation.Created.User != "runner" {
		t.Errorf("user: got %q", r.User)
	}
	if len(r.Units) != 1 || r.Units[0].Name != "backend-PROD" || r.Units[0].Text != "[Service]\nExecStart=/data/run\n" || !r.Enable["backend-PROD"] {
		t.Errorf("units: got %+v", r.Units)
	}
	in := r.Installation
	if !in.Managed || in.Installer != "9.7.0" || in.Services[0].Command != nil || in.Services[0].Manager != release.Systemd {
		t.Errorf("got %+v", in)
	}
	if len(in.Files) != 1 || in.Files[0].Path != "/conf/settings.json" || in.Files[0].Format != release.JSONC {
		t.Errorf("a file without slots is none that configure edits: got %+v", in.Files)
	}
	if r.Files[0].Text != `{"Secret": "", "env": "PROD"}` || r.Files[0].Mode != 0o640 || r.Files[1].Name != "/conf/notes.txt" {
		t.Errorf("files: got %+v", r.Files)
	}
	if got := in.Services[0].Health.HTTP; got != "http://127.0.0.1:1/PROD" {
		t.Errorf("health: got %q", got)
	}
}

func TestAReleaseIsWorkedOutForCommands(t *testing.T) {
	r := realise(t, release.ByHand)
	s := r.Installation.Services[0]
	if r.User != "" || len(r.Units) != 0 || s.Command == nil || s.Command.Start[0] != "/data/run" || s.Command.PID != "/data/pid" {
		t.Errorf("got %+v, %+v", r, s)
	}
}

func TestMistakesOfAManifestAreTold(t *testing.T) {
	for change, want := range map[[2]string]string{
		{`mode: "0750"`, `mode: "0999"`}:                          "an octal number in quotes",
		{"owner: service", "owner: everybody"}:                    "owner root or service is wanted",
		{"template: settings.tmpl", "template: ../../etc/shadow"}: "no path inside the release",
		{"unit: unit.tmpl", "unit: /etc/passwd"}:                  "no path inside the release",
		{"version: 1.2.3\n", ""}:                                  "version is missing",
		{"product: backend", "prodcut: backend"}:                  "unknown key",
	} {
		_, err := release.ParseManifest([]byte(strings.Replace(manifest, change[0], change[1], 1)))
		var invalid *release.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", change[1], err, want)
		}
	}
}

func TestWhatCannotBeRenderedOrReadEndsIt(t *testing.T) {
	for change, want := range map[[2]string]string{
		{"'{conf}/notes.txt'", "'{broken}'"}: "broken", {"notes.tmpl", "none.tmpl"}: "none.tmpl",
		{"/settings.json'\n", "/settings.ini'\n"}: "format jsonc, yaml or raw",
	} {
		m, err := release.ParseManifest([]byte(strings.Replace(manifest, change[0], change[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Realise(view(release.Systemd)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", change[1], err, want)
		}
	}
}
