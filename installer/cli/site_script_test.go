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
      start: [worker, $WORK, start]
      stop: [worker, $WORK, stop]
      status: [worker, $WORK, status]
    reads: [$WORK/app/appsettings.json]
    health: {command: [worker, $WORK, health], within: $WITHIN, stableFor: 20ms}
settings:
  identity.entra.authority: $ENTRA
  identity.entra.caBundle: $CA
  identity.entra.confirmations: "1"
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
	ts.Check(os.WriteFile(ts.MkAbs("site.yaml"), []byte(provided(ts, "site.yaml", theirDescription, "")), 0o644))
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
