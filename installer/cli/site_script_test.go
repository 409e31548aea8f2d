package cli_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// What adopted writes where the script brings none.
const (
	theirSettings = `{
  // edited by hand
  "AzureAd": {
    "TenantId": "$TENANT",
    "ClientId": "$CLIENT",
    "ClientSecret": "$OLD", // of last year
  },
}
`

	theirDescription = `apiVersion: backend-installer/v1
kind: Installation
environment: PROD
product: acme-portal
version: "1.4"
files:
  - path: $WORK/app/appsettings.json
    slots:
      - {setting: identity.entra.clientSecret, at: /AzureAd/ClientSecret}
      - {setting: identity.entra.tenantId, at: /AzureAd/TenantId}
      - {setting: identity.entra.clientId, at: /AzureAd/ClientId}
services:
  - name: worker
    manager: command
    command:
      start: [sh, $WORK/worker.sh, start]
      stop: [sh, $WORK/worker.sh, stop]
      status: [sh, $WORK/worker.sh, status]
    reads: [$WORK/app/appsettings.json]
    health: {command: [sh, $WORK/worker.sh, health], within: $WITHIN, stableFor: 20ms}
settings:
  identity.entra.authority: $ENTRA
  identity.entra.caBundle: $CA
  identity.entra.confirmations: "1"
`

	// The worker notes what it is told in the file calls. It does not start
	// while there is a file broken, takes its time while there is a file slow,
	// and is not healthy while there is a file sick.
	theirWorker = `cd "$(dirname "$0")"
case $1 in
start)
	echo start >>calls
	while [ -e slow ]; do sleep 0.02; done
	[ ! -e broken ] && touch running
	;;
stop)
	echo stop >>calls
	rm -f running
	;;
status) [ -e running ] ;;
health) [ -e running ] && [ ! -e sick ] ;;
esac
`
)

// adopted [DESCRIPTION]: a backend made by others runs, with the client secret
// in the file old, and is registered.
func adopted(ts *testscript.TestScript, _ bool, args []string) {
	prepare(ts)
	description := "site.yaml"
	if len(args) > 0 {
		description = args[0]
	}
	exits(ts, false, []string{"0", "installer", "adopt", ts.MkAbs(description)})
}

// prepare writes what the script does not bring.
func prepare(ts *testscript.TestScript) {
	s := stageOf(ts)
	p, err := s.entra.AddPassword(entratest.ClientID, entratest.Password{Name: "old"})
	ts.Check(err)
	s.keep(ts, "old", p.Value.Reveal())
	s.keep(ts, "app/appsettings.json", provided(ts, "app/appsettings.json", theirSettings, p.Value.Reveal()))
	for name, text := range map[string]string{"site.yaml": theirDescription, "worker.sh": theirWorker} {
		if name != "worker.sh" {
			text = provided(ts, name, text, "")
		}
		ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o644))
	}
	ts.Check(os.WriteFile(ts.MkAbs("running"), nil, 0o600))
}

// provided is the script's own file, else the usual one, with the variables
// filled in.
func provided(ts *testscript.TestScript, name, usual, old string) string {
	text, err := os.ReadFile(filepath.Join(ts.Getenv("WORK"), name))
	if errors.Is(err, fs.ErrNotExist) {
		text, err = []byte(usual), nil
	}
	ts.Check(err)
	return os.Expand(string(text), func(variable string) string {
		if variable == "OLD" {
			return old
		}
		return ts.Getenv(variable)
	})
}

// settle: writes what adopted writes, and registers nothing.
func settle(ts *testscript.TestScript, _ bool, _ []string) { prepare(ts) }
