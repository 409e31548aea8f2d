package cli_test

import (
	"os"
	"path/filepath"
	"runtime"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/layout"
)

// What tiny writes.
const (
	tinyRelease = `apiVersion: backend-installer/v1
product: tiny
version: "1.0"
folders:
  - {path: "{{ .Paths.Program }}/{{ .Env }}", mode: "0755", owner: root}
  - {path: "{{ .Paths.Config }}", mode: "0750", owner: root}
  - {path: "{{ .Paths.Data }}", mode: "0750", owner: root}
files:
  - template: settings.json.tmpl
    target: "{{ .Paths.Config }}/settings.json"
    format: jsonc
    mode: "0640"
    slots:
      - {setting: identity.entra.clientSecret, at: /ClientSecret}
      - {setting: identity.entra.tenantId, at: /TenantId}
      - {setting: identity.entra.clientId, at: /ClientId}
services:
  - name: tiny-{{ .Env }}
    command:
      start: [worker, -knobs, '$WORK', "{{ .Paths.Data }}", start]
      stop: [worker, -knobs, '$WORK', "{{ .Paths.Data }}", stop]
      status: [worker, -knobs, '$WORK', "{{ .Paths.Data }}", status]
    reads: ["{{ .Paths.Config }}/settings.json"]
    health: {command: [present, "{{ .Paths.Current }}/tiny.txt", "{{ .Paths.Data }}/running"], within: 5s, stableFor: 10ms}
`

	tinySettings = `{
  "TenantId": "",
  "ClientId": "",
  "ClientSecret": ""
}
`

	tinyAnswers = `version: 1
environment: PROD
identity:
  entra:
    tenantId: $TENANT
    clientId: $CLIENT
    clientSecret: {file: new}
    authority: $ENTRA
    caBundle: $CA
    confirmations: 1
`
)

// tiny: writes a release to install, in the folder release, and answers, which
// take the client secret from the file new. Its service is a worker, whose knobs
// are in the script's folder, and which is healthy where its program files are.
func tiny(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(os.MkdirAll(ts.MkAbs("release/program"), 0o700))
	for name, text := range map[string]string{
		"release/release.yaml":       os.Expand(tinyRelease, ts.Getenv),
		"release/settings.json.tmpl": tinySettings,
		"release/program/tiny.txt":   "a program\n",
		"answers.yaml":               os.Expand(tinyAnswers, ts.Getenv),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o600))
	}
}

// layoutVariables are where install --prefix host puts things: the names differ by
// system.
func layoutVariables(env *testscript.Env) {
	set := func(name, path string) { env.Setenv(name, filepath.ToSlash(path)) }
	for _, environment := range []string{"PROD", "DEMO"} {
		paths := layout.Host{GOOS: runtime.GOOS}.For(environment, "1.0").Under("host")
		set(environment+"_CURRENT", paths.Current)
		set(environment+"_CONFIG", paths.Config)
		set(environment+"_DATA", paths.Data)
		set("HOST_STATE", filepath.Dir(paths.State))
	}
}
