package release_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/document"
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
    command: {start: ['{data}/run'], stop: ['{data}/halt'], status: ['{data}/ask'], restart: ['{data}/anew'], pid: '{data}/pid'}
    reads: ['{conf}/settings.json']
    health: {http: 'http://127.0.0.1:1/{env}', within: 60s}
`

func view(manager string) release.View {
	files := map[string]string{"settings.tmpl": `{"Secret": "", "env": "{env}"}`, "notes.tmpl": "notes", "empty.tmpl": "\n", "unit.tmpl": "[Service]\nExecStart={data}/run\n"}
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
	if got := in.Services[0].Health.HTTP; got != "http://127.0.0.1:1/PROD" {
		t.Errorf("health: got %q", got)
	}
}

func TestAFileWithoutSlotsIsMadeAndNotDescribed(t *testing.T) {
	r := realise(t, release.Systemd)
	in := r.Installation
	if len(in.Files) != 1 || in.Files[0].Path != "/conf/settings.json" || in.Files[0].Format != document.JSONC {
		t.Errorf("described: got %+v", in.Files)
	}
	if r.Files[0].Text != `{"Secret": "", "env": "PROD"}` || r.Files[0].Mode != 0o640 || r.Files[1].Name != "/conf/notes.txt" {
		t.Errorf("made: got %+v", r.Files)
	}
}

func TestAReleaseIsWorkedOutForCommands(t *testing.T) {
	r := realise(t, release.ByHand)
	s := r.Installation.Services[0]
	if r.User != "" || len(r.Units) != 0 || s.Command == nil || s.Command.Start[0] != "/data/run" || s.Command.Restart[0] != "/data/anew" || s.Command.PID != "/data/pid" {
		t.Errorf("got %+v, %+v", r, s)
	}
}

func TestMistakesOfAManifestAreTold(t *testing.T) {
	for change, want := range map[[2]string]string{
		{`mode: "0750"`, `mode: "0999"`}:                                          "an octal number in quotes",
		{"owner: service", "owner: everybody"}:                                    "owner root or service is wanted",
		{"template: settings.tmpl", "template: ../../etc/shadow"}:                 "no path inside the release",
		{"unit: unit.tmpl", "unit: /etc/passwd"}:                                  "no path inside the release",
		{"version: 1.2.3\n", ""}:                                                  "version is missing",
		{"product: backend", "prodcut: backend"}:                                  "unknown key",
		{"version: 1.2.3", "version: ../1"}:                                       "line 3, column 10: version: letters, digits",
		{"'{data}', mode", "'{conf}', mode"}:                                      "line 7, column 5: folders: {conf} is there twice",
		{"path: '{conf}', ", ""}:                                                  "line 6, column 5: folders: a path is missing",
		{"target: '{conf}/notes.txt', ", ""}:                                      "line 13, column 5: files: a target is missing",
		{"{conf}/notes.txt", "{conf}/settings.json"}:                              "{conf}/settings.json is there twice",
		{"template: notes.tmpl", "format: hcl, template: x"}:                      "a format is wanted, one of [",
		{"stop: ['{data}/halt'], ", ""}:                                           "command wants start, stop and status",
		{"    unit: unit.tmpl\n    enable: true\n    command: ", "    kommand: "}: "a unit, windows, a command or several are wanted",
		{"within: 60s", "within: soon"}:                                           "a time such as 60s is wanted",
		{"within: 60s", "tcp: 'x:1'"}:                                             "exactly one of http, tcp and command",
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
		{"target: '{conf}/settings.json'", "target: '{conf}/settings.hcl'"}: "a format is wanted, one of [",
		{`mode: "0640"`, `mode: "0644"`}:                                    "mode 0644 opens a secret to everybody",
		{"'{conf}/notes.txt'", "notes.txt"}:                                 `"notes.txt" is no absolute path`,
		{"path: '{data}'", "path: data"}:                                    `"data" is no absolute path`,
		{"path: '{data}'", "path: /conf"}:                                   "folders: /conf is there twice",
		{"'{conf}/notes.txt'", "/conf/settings.json"}:                       "files: /conf/settings.json is there twice",
		{"    unit: unit.tmpl\n", ""}:                                       "there is no unit",
		{"unit: unit.tmpl", "unit: empty.tmpl"}:                             "there is no unit",
		{"reads: ['{conf}/settings.json']", "reads: [settings.yaml]"}:       "settings.yaml is no file of this installation",
		{"http: 'http://127.0.0.1:1/{env}'", "http: '{env}'"}:               "an address such as",
		{"setting: identity.entra.clientSecret", "setting: nothing"}:        `there is no setting "nothing"`,
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

func TestEveryTextThatCannotBeRenderedIsTold(t *testing.T) {
	m, err := release.ParseManifest([]byte(strings.NewReplacer("{data}/halt", "{broken}", "'{conf}/notes.txt'", "'{broken}'").Replace(manifest)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.Realise(view(release.ByHand))
	if want := "files[1].target:1: broken\nservices[0].command.stop[0]:1: broken"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

func TestAServiceCanNameWhatItReadsShortly(t *testing.T) {
	m, err := release.ParseManifest([]byte(strings.Replace(manifest, "reads: ['{conf}/settings.json']", "reads: [settings.json, notes.txt]", 1)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Realise(view(release.Systemd))
	if err != nil {
		t.Fatal(err)
	}
	// notes.txt has no slots, so nothing ever changes it.
	if got := strings.Join(r.Installation.Services[0].Reads, " "); got != "/conf/settings.json" {
		t.Errorf("got %q", got)
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(manifest))
	f.Add([]byte(strings.Replace(manifest, "unit.tmpl", "../unit.tmpl", 1)))
	f.Add([]byte("apiVersion: backend-installer/v1\nfolders: &f [{path: /a, mode: \"0755\"}]\nfiles: *f\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := release.ParseManifest(text)
		var invalid *release.InvalidError
		if err != nil && (!errors.As(err, &invalid) || len(invalid.Problems) == 0) {
			t.Fatalf("got %v", err)
		}
		if err != nil {
			return
		}
		if r, err := m.Realise(view(release.Systemd)); err == nil && len(r.Installation.Services) != len(r.Units) {
			t.Errorf("a service without a unit: %+v", r)
		}
	})
}
