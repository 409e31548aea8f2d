//go:build faults && linux && amd64

package crashtest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// scenario is a command that is made to fail, and what comes after.
type scenario struct {
	name    string
	prepare func(*host)
	args    []string // of the run that fails
	exit    int      // its status without a fault
	again   []string // of a run that then makes everything new
	exits   []int    // those that a recovery may end with besides 0
}

func scenarios() []scenario {
	configure := func(name string) []string {
		return []string{"configure", "--client-secret-file", "$FOLDER/" + name + "-secret", "--validation-window", "0s"}
	}
	install := []string{
		"install", "--release", "$TREE/release", "--answers", "$TREE/answers.yaml",
		"--prefix", "$TREE/host", "--service-manager", "command", "--validation-window", "0s",
	}
	return []scenario{
		{name: "configure", prepare: (*host).adopt, args: configure("new"), again: configure("new")},
		{name: "roll-back", prepare: (*host).adopt, args: configure("sick"), exit: 20, again: configure("new")},
		{name: "roll-back in place", prepare: (*host).adoptLinked, args: configure("sick"), exit: 20, again: configure("new")},
		{name: "install", prepare: (*host).unpack, args: install, again: install, exits: []int{4}},
	}
}

// recovery is a run that puts right what an earlier one left and changes nothing
// else.
func (s *stage) recovery() []string {
	if s.recovers {
		return []string{"recover", "--environment", "PROD"}
	}
	return []string{
		"configure", "--environment", "PROD", "--client-secret-file", "$FOLDER/unknown-secret", "--validation-window", "0s",
	}
}

// recovered tells the statuses that such a run may end with.
func (s *stage) recovered(of scenario) []int {
	if s.recovers {
		return append([]int{0}, of.exits...)
	}
	return append([]int{10}, of.exits...)
}

// The service notes at its start what it read. It is healthy while its files say
// just that; with the sick secret every other answer is that it is not.
const service = `verb=$1 name=$2 run=$3
shift 3
case $verb in
start) cat "$@" >"$run/running-$name" ;;
stop) rm -f "$run/running-$name" "$run/asked-$name" ;;
status) [ -e "$run/running-$name" ] ;;
health)
	read=$(cat "$run/running-$name")
	[ "$read" = "$(cat "$@")" ] || exit 1
	case $name$read in web*sick*)
		[ -e "$run/asked-$name" ] && rm "$run/asked-$name" && exit 1
		: >"$run/asked-$name"
		;;
	esac
	;;
esac
`

const description = `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: acme-portal
version: "1.4"
files:
  - path: $TREE/app/appsettings.json
    slots: [{setting: identity.entra.clientSecret, at: /AzureAd/ClientSecret}]
  - path: $TREE/app/worker.env
    slots: [{setting: identity.entra.clientSecret, at: ENTRA_CLIENT_SECRET}]
  - path: $TREE/app/proxy.yaml
    slots: [{setting: identity.entra.clientSecret, at: /providers/0/clientSecret}]
services:
  - name: web
    manager: command
    after: [worker]
    command:
      start: [sh, $TREE/service.sh, start, web, $TREE, $TREE/app/appsettings.json, $TREE/app/proxy.yaml]
      stop: [sh, $TREE/service.sh, stop, web, $TREE]
      status: [sh, $TREE/service.sh, status, web, $TREE]
    reads: [$TREE/app/appsettings.json, $TREE/app/proxy.yaml]
    health:
      command: [sh, $TREE/service.sh, health, web, $TREE, $TREE/app/appsettings.json, $TREE/app/proxy.yaml]
      within: 20s
      stableFor: 1ms
  - name: worker
    manager: command
    command:
      start: [sh, $TREE/service.sh, start, worker, $TREE, $TREE/app/appsettings.json, $TREE/app/worker.env]
      stop: [sh, $TREE/service.sh, stop, worker, $TREE]
      status: [sh, $TREE/service.sh, status, worker, $TREE]
    reads: [$TREE/app/appsettings.json, $TREE/app/worker.env]
    health:
      command: [sh, $TREE/service.sh, health, worker, $TREE, $TREE/app/appsettings.json, $TREE/app/worker.env]
      within: 20s
      stableFor: 1ms
settings:
  identity.entra.tenantId: $TENANT
  identity.entra.clientId: $CLIENT
  identity.entra.authority: $ENTRA
  identity.entra.caBundle: $CA
  identity.entra.confirmations: "1"
`

// adopt makes a backend of others run with the old secret, and registers it.
func (h *host) adopt() {
	h.Helper()
	app := filepath.Join(h.tree, "app")
	h.write(filepath.Join(app, "appsettings.json"), h.fill("{\n  // by hand\n  \"AzureAd\": {\"ClientSecret\": \"$OLD\"},\n}\n"), 0o640)
	h.write(filepath.Join(app, "worker.env"), h.fill("# by hand\nENTRA_CLIENT_SECRET=$OLD\nLEVEL=info\n"), 0o644)
	h.write(filepath.Join(app, "proxy.yaml"), h.fill("providers:\n  - name: entra # theirs\n    clientSecret: $OLD\n"), 0o600)
	if os.Geteuid() == 0 {
		if err := os.Chown(filepath.Join(app, "worker.env"), 65534, 65534); err != nil {
			h.Fatal(err)
		}
	}
	if err := syscall.Setxattr(filepath.Join(app, "proxy.yaml"), marker, []byte("kept"), 0); err != nil {
		h.Logf("no attributes on this file system: %v", err)
	}
	h.write(filepath.Join(h.tree, "service.sh"), service, 0o644)
	h.write(filepath.Join(h.root, "site.yaml"), h.fill(description), 0o644)
	h.start("worker", "appsettings.json", "worker.env")
	h.start("web", "appsettings.json", "proxy.yaml")
	h.must(0, []string{"adopt", filepath.Join(h.root, "site.yaml")})
}

// adoptLinked gives one of the files a second name, so that it is written in
// place.
func (h *host) adoptLinked() {
	h.Helper()
	h.adopt()
	file := filepath.Join(h.tree, "app/worker.env")
	if err := os.Link(file, file+".second"); err != nil {
		h.Fatal(err)
	}
}

// start does what the service's start does.
func (h *host) start(name string, reads ...string) {
	h.Helper()
	var all bytes.Buffer
	for _, file := range reads {
		text, err := os.ReadFile(filepath.Join(h.tree, "app", file))
		if err != nil {
			h.Fatal(err)
		}
		all.Write(text)
	}
	h.write(filepath.Join(h.tree, "running-"+name), all.String(), 0o644)
}

const release = `apiVersion: backend-installer/v1
product: tiny
version: "1.0"
folders:
  - {path: "{{ .Paths.Program }}/{{ .Env }}", mode: "0755", owner: root}
  - {path: "{{ .Paths.Config }}", mode: "0750", owner: root}
  - {path: "{{ .Paths.Data }}", mode: "0750", owner: root}
files:
  - template: appsettings.json.tmpl
    target: "{{ .Paths.Config }}/appsettings.json"
    format: jsonc
    mode: "0640"
    slots:
      - {setting: identity.entra.clientSecret, at: /ClientSecret}
      - {setting: identity.entra.tenantId, at: /TenantId}
      - {setting: identity.entra.clientId, at: /ClientId}
  - template: worker.env.tmpl
    target: "{{ .Paths.Config }}/worker.env"
    format: env
    mode: "0600"
    slots: [{setting: identity.entra.clientSecret, at: ENTRA_CLIENT_SECRET}]
  - template: proxy.yaml.tmpl
    target: "{{ .Paths.Config }}/proxy.yaml"
    format: yaml
    mode: "0640"
    slots: [{setting: identity.entra.clientSecret, at: /clientSecret}]
services:
  - name: web
    after: [worker]
    command:
      start: [sh, "{{ .Paths.Current }}/service.sh", start, web, "{{ .Paths.Data }}", "{{ .Paths.Config }}/appsettings.json", "{{ .Paths.Config }}/proxy.yaml"]
      stop: [sh, "{{ .Paths.Current }}/service.sh", stop, web, "{{ .Paths.Data }}"]
      status: [sh, "{{ .Paths.Current }}/service.sh", status, web, "{{ .Paths.Data }}"]
    reads: ["{{ .Paths.Config }}/appsettings.json", "{{ .Paths.Config }}/proxy.yaml"]
    health:
      command: [sh, "{{ .Paths.Current }}/service.sh", health, web, "{{ .Paths.Data }}", "{{ .Paths.Config }}/appsettings.json", "{{ .Paths.Config }}/proxy.yaml"]
      within: 20s
      stableFor: 1ms
  - name: worker
    command:
      start: [sh, "{{ .Paths.Current }}/service.sh", start, worker, "{{ .Paths.Data }}", "{{ .Paths.Config }}/appsettings.json", "{{ .Paths.Config }}/worker.env"]
      stop: [sh, "{{ .Paths.Current }}/service.sh", stop, worker, "{{ .Paths.Data }}"]
      status: [sh, "{{ .Paths.Current }}/service.sh", status, worker, "{{ .Paths.Data }}"]
    reads: ["{{ .Paths.Config }}/appsettings.json", "{{ .Paths.Config }}/worker.env"]
    health:
      command: [sh, "{{ .Paths.Current }}/service.sh", health, worker, "{{ .Paths.Data }}", "{{ .Paths.Config }}/appsettings.json", "{{ .Paths.Config }}/worker.env"]
      within: 20s
      stableFor: 1ms
`

const answers = `version: 1
environment: PROD
identity:
  entra:
    tenantId: $TENANT
    clientId: $CLIENT
    clientSecret: {file: $FOLDER/new-secret}
    authority: $ENTRA
    caBundle: $CA
    confirmations: 1
`

// unpack brings a release and the answers.
func (h *host) unpack() {
	h.Helper()
	for name, text := range map[string]string{
		"answers.yaml": answers, "release/release.yaml": release, "release/program/service.sh": service,
		"release/appsettings.json.tmpl": "{\"TenantId\": \"\", \"ClientId\": \"\", \"ClientSecret\": \"\"}\n",
		"release/worker.env.tmpl":       "ENTRA_CLIENT_SECRET=\n",
		"release/proxy.yaml.tmpl":       "clientSecret: \"\"\n",
	} {
		if strings.HasSuffix(name, "answers.yaml") {
			text = h.fill(text)
		}
		h.write(filepath.Join(h.tree, name), text, 0o644)
	}
}
