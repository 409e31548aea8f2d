package release_test

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/winpath"
)

func known(key string) (isSecret, ok bool) {
	isSecret, ok = map[string]bool{
		"identity.entra.clientSecret": true, "identity.entra.clientId": false, "identity.entra.tenantId": false,
	}[key]
	return isSecret, ok
}

const described = `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: oauth2-proxy
version: 7.6.0
files:
  - path: /etc/oauth2-proxy/alpha.yaml
    slots:
      - {setting: identity.entra.clientSecret, at: /providers/0/clientSecret}
      - {setting: identity.entra.clientId, at: /providers/0/clientID}
  - path: /etc/worker/secret
    format: raw
    finalNewline: true
    slots: [{setting: identity.entra.clientSecret}]
services:
  - name: worker
    manager: command
    after: [oauth2-proxy.service]
    reads: [/etc/worker/secret]
    command: {start: [worker, start], stop: [worker, stop], status: [worker, status]}
    health: {tcp: '127.0.0.1:9000', within: 1m30s}
  - name: oauth2-proxy.service
    reads: [/etc/oauth2-proxy/alpha.yaml]
    health: {http: 'http://127.0.0.1:4180/ready', status: 200, within: 60s, stableFor: 1500ms}
settings:
  identity.entra.tenantId: contoso.com
`

func parsed(t *testing.T, text string) release.Installation {
	t.Helper()
	in, err := release.ParseInstallation([]byte(text), known)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestADescriptionNamesTheServiceManagerOfWindows(t *testing.T) {
	in := parsed(t, strings.Replace(described, "  - name: oauth2-proxy.service\n", "  - name: oauth2-proxy.service\n    manager: windows\n", 1))
	if got := in.Services[1].Manager; got != release.Windows || in.Services[1].Command != nil {
		t.Errorf("manager: got %q", got)
	}
}

func TestADescriptionIsFilledIn(t *testing.T) {
	in := parsed(t, described)
	if got := in.Files[0].Format; got != document.YAML {
		t.Errorf("format by extension: got %q", got)
	}
	if got := in.Services[1].Manager; got != release.Systemd {
		t.Errorf("manager: got %q", got)
	}
	if got := in.Services[0].Health.Within.D; got != 90*time.Second {
		t.Errorf("within: got %s", got)
	}
}

func TestADescriptionForWindowsIsReadEverywhere(t *testing.T) {
	for _, path := range []string{`C:\app\alpha.yaml`, `d:/app/alpha.yaml`} {
		in := parsed(t, strings.ReplaceAll(described, "/etc/oauth2-proxy/alpha.yaml", "'"+path+"'"))
		if got, want := in.Files[0].Path, winpath.Spelled(runtime.GOOS, path); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestADescriptionReadsBackTheSame(t *testing.T) {
	in := parsed(t, described)
	text, err := release.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	if again := parsed(t, string(text)); !reflect.DeepEqual(again, in) {
		t.Errorf("got %+v, want %+v", again, in)
	}
	for _, want := range []string{"within: 90s", "stableFor: 1.5s", "within: 60s"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}

func TestEveryMistakeOfADescriptionIsTold(t *testing.T) {
	for change, want := range map[[2]string]string{
		{"backend-installer/v1", "v0"}:                             "apiVersion: backend-installer/v1 is wanted",
		{"kind: Installation", "kind: Thing"}:                      "kind: Installation is wanted",
		{"environment: PROD\n", ""}:                                "environment is missing",
		{"path: /etc/oauth2-proxy/alpha.yaml", "path: alpha.yaml"}: "no absolute path",
		{"format: raw", "format: hcl"}:                             "a format is wanted, one of [",
		{"at: /providers/0/clientID", "at: providers"}:             "not a JSON Pointer",
		{"slots: [{setting: identity.entra.clientSecret}]", "slots: [{setting: identity.entra.clientSecret, at: /x}]"}: "it has no place",
		{"setting: identity.entra.clientId,", "setting: identity.clientId,"}:                                           `no setting "identity.clientId"`,
		{"after: [oauth2-proxy.service]", "after: [nobody]"}:                                                           "there is no service nobody",
		{"reads: [/etc/worker/secret]", "reads: [/etc/other]"}:                                                         "/etc/other is no file of this installation",
		{"stop: [worker, stop], ", ""}:                                                                                 "command wants start, stop and status",
		{"tcp: '127.0.0.1:9000'", "tcp: '127.0.0.1:9000', http: 'http://x/'"}:                                          "exactly one of http, tcp and command",
		{"http: 'http://127.0.0.1:4180/ready'", "http: 'ftp://x'"}:                                                     "an address such as",
		{"within: 60s", "within: soon"}:                                                                                "line 24, column 72: services: oauth2-proxy.service: health: a time such as 60s is wanted",
		{"version: 7.6.0", "edition: 7.6.0"}:                                                                           `line 5, column 1: unknown key "edition"`,
		{"identity.entra.tenantId: contoso.com", "identity.entra.clientSecret: TST8Q~not-a-real-secret"}:               "is a secret, which a description never holds",
		{"name: oauth2-proxy.service", "name: worker"}:                                                                 "worker is there twice",
		{"environment: PROD", "environment: ../../etc"}:                                                                "line 3, column 14: environment: up to 32 letters",
		{"name: oauth2-proxy.service", "name: ../sshd.service"}:                                                        "a name has no slashes",
		{"at: /providers/0/clientID", "at: /providers/0/clientSecret"}:                                                 "line 10, column 9: files: /etc/oauth2-proxy/alpha.yaml: /providers/0/clientSecret is there twice",
		{"after: [oauth2-proxy.service]", "after: [worker]"}:                                                           "worker come after each other in a circle",
		{"stableFor: 1500ms", "pointer: /status"}:                                                                      "pointer and equals belong together",
		{"stableFor: 1500ms", "credential: fingerprint"}:                                                               "a pointer begins with /",
		{"status: 200", "status: 7"}:                                                                                   "status is an HTTP status",
		{"within: 1m30s", "caBundle: /ca.pem"}:                                                                         "caBundle are for http",
		{"stop: [worker, stop]", "pid: run/pid, stop: [worker, stop]"}:                                                 "pid is no absolute path",
		{"stop: [worker, stop]", "restart: [worker, again], stop: [worker, stop]"}:                                     "services: worker: command: restart wants process or pid",
		{"stop: [worker, stop]", "pid: /run/pid, process: [worker, ids], stop: [worker, stop]"}:                        "one of pid and process is wanted, not both",
		{"path: /etc/oauth2-proxy/alpha.yaml", "path: 'C:alpha.yaml'"}:                                                 "no absolute path",
		{"    command: {start", "    kommand: {start"}:                                                                 "services: worker: a command is wanted",
		{"    finalNewline: true\n", "    finalNewline: true\n    x: true\n"}:                                          `unknown key "x"`,
	} {
		text := strings.Replace(described, change[0], change[1], 1)
		if text == described {
			t.Fatalf("%q is not in the description", change[0])
		}
		_, err := release.ParseInstallation([]byte(text), known)
		var invalid *release.InvalidError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", change[1], err, want)
		}
		if err != nil && strings.Contains(err.Error(), "TST8Q") {
			t.Errorf("%q: the error quotes a value: %v", change[1], err)
		}
	}
}

func TestSeveralMistakesAreToldAtOnce(t *testing.T) {
	text := strings.NewReplacer(
		"kind: Installation", "kind: Thing", "version: 7.6.0", "edition: 7.6.0", "format: raw", "format: hcl",
		"within: 1m30s", "within: soon", "status: 200", "status: many", "identity.entra.tenantId", "identity.tenant",
	).Replace(described)
	_, err := release.ParseInstallation([]byte(text), known)
	want := `line 2, column 7: kind: Installation is wanted
line 5, column 1: unknown key "edition"
line 12, column 13: files: /etc/worker/secret: a format is wanted, one of ` + fmt.Sprint(document.Formats()) + `
line 21, column 45: services: worker: health: a time such as 60s is wanted
line 24, column 59: a whole number is wanted
line 26, column 3: settings: there is no setting identity.tenant`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestWhatCouldNotBeReadIsToldOnce(t *testing.T) {
	for text, want := range map[string]string{
		"":          "",
		"- a\n":     "line 1, column 1: key: value is wanted",
		"a: [":      "not valid YAML",
		"a\n---\nb": "2 YAML documents where one is due",
		strings.Replace(described, "status: 200", "status: many", 1): "line 24, column 59: a whole number is wanted",
	} {
		_, err := release.ParseInstallation([]byte(text), known)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestPlacesAreFoundThroughAliases(t *testing.T) {
	text := strings.Replace(described, "reads: [/etc/worker/secret]", "reads: &all [/etc/worker/secret, /etc/other]", 1)
	text = strings.Replace(text, "reads: [/etc/oauth2-proxy/alpha.yaml]", "reads: *all", 1)
	_, err := release.ParseInstallation([]byte(text), known)
	if err == nil || strings.Count(err.Error(), "line 19, column 38: ") != 2 {
		t.Errorf("got %v", err)
	}
}

func TestAHealthCheckEndsAfterAMinuteWhereNothingElseIsSaid(t *testing.T) {
	in := parsed(t, strings.Replace(described, ", within: 60s", "", 1))
	if got := in.Services[1].Health.Within.D; got != time.Minute {
		t.Errorf("got %s", got)
	}
}

func service(name string, after ...string) release.Service {
	return release.Service{Name: name, After: after}
}

func TestServicesAreOrderedByWhatTheyComeAfter(t *testing.T) {
	ordered, err := release.Order([]release.Service{service("web", "api"), service("cron"), service("api", "db"), service("db")})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range ordered {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "cron db api web" {
		t.Errorf("got %q", got)
	}
}

func TestAServiceThatIsNotThereIsNoCircle(t *testing.T) {
	_, err := release.Order([]release.Service{service("web", "api")})
	var unknown *release.UnknownError
	if !errors.As(err, &unknown) || err.Error() != "services: web: after: there is no service api" {
		t.Errorf("got %v", err)
	}
}

func TestACircleIsNamed(t *testing.T) {
	_, err := release.Order([]release.Service{service("a", "b"), service("b", "a"), service("c"), service("waits", "a"), service("further", "waits")})
	var circle *release.OrderError
	if !errors.As(err, &circle) || strings.Join(circle.Services, " ") != "a b" {
		t.Errorf("got %v", err)
	}
	text := strings.Replace(described, "    reads: [/etc/oauth2-proxy/alpha.yaml]", "    after: [worker]\n    reads: [/etc/oauth2-proxy/alpha.yaml]", 1)
	if _, err := release.ParseInstallation([]byte(text), known); err == nil || !strings.Contains(err.Error(), "in a circle") {
		t.Errorf("got %v", err)
	}
}

func FuzzParseInstallation(f *testing.F) {
	f.Add([]byte(described))
	f.Add([]byte("apiVersion: backend-installer/v1\nfiles: [{path: /a.json, slots: []}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := release.ParseInstallation(text, known)
		if err != nil {
			return
		}
		out, err := release.Encode(in)
		if err != nil {
			t.Fatal(err)
		}
		again, err := release.ParseInstallation(out, known)
		if err != nil || !reflect.DeepEqual(again, in) {
			t.Errorf("encoded and read again: %v\n%s", err, out)
		}
	})
}

func TestNamesOfServicesAreThoseOfTheirManager(t *testing.T) {
	for name, want := range map[string][2]bool{ // of systemd, of Windows
		"backend.service": {true, true}, "Empower Backend": {false, true}, "": {false, false}, " a": {false, false}, "a\tb": {false, false},
		"a/b": {false, false}, `a\b`: {false, false}, "a\xff": {false, false},
	} {
		got := [2]bool{release.IsServiceName(name, release.Systemd), release.IsServiceName(name, release.Windows)}
		if got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}
