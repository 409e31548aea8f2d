//go:build system && linux

package systemtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/kit"
)

// adopted is a set of small units that read one file with a secret, which
// nobody here installed.
type adopted struct {
	entra *kit.Authority
	file  string
	units []string
}

// unit is a shell as a service: Type, and what it runs.
type unit struct {
	kind   string // simple, notify, oneshot
	script string
	extra  string // more lines of [Service]
}

// forever runs until it is stopped.
const forever = "exec sleep infinity"

// adopt writes units, starts them, and registers them in order of their names,
// each after the one before.
func adopt(t *testing.T, units map[string]unit, start ...string) *adopted {
	t.Helper()
	a := &adopted{entra: newAuthority(t), file: filepath.Join(t.TempDir(), "secret.yaml")}
	t.Cleanup(func() { _ = os.RemoveAll("/var/lib/empower") }) // the next test starts from nothing
	if err := os.Chmod(filepath.Dir(a.file), 0o755); err != nil {
		t.Fatal(err)
	}
	kit.Write(t, a.file, fmt.Sprintf("# kept by hand\nclientSecret: '%s' # changed by configure\n", a.entra.AddSecret(t)))
	for name, u := range units {
		a.unit(t, name, u)
	}
	sh(t, "systemctl", "daemon-reload")
	for _, name := range start {
		sh(t, "systemctl", "start", name)
	}
	return a
}

func (a *adopted) unit(t *testing.T, name string, u unit) {
	t.Helper()
	path := "/etc/systemd/system/" + name + ".service"
	if u.kind == "" {
		u.kind = "simple"
	}
	kit.Write(t, path, fmt.Sprintf("[Service]\nType=%s\nExecStart=/bin/sh -c '%s'\n%s\n[Install]\nWantedBy=multi-user.target\n",
		u.kind, u.script, u.extra))
	a.units = append(a.units, name)
	t.Cleanup(func() {
		quietly("systemctl", "kill", "--signal=KILL", name)
		quietly("systemctl", "stop", name)
		quietly("systemctl", "unmask", name)
		_ = os.Remove(path) // a masked unit has none
		quietly("systemctl", "daemon-reload")
		quietly("systemctl", "reset-failed", name)
	})
}

// describe writes the description of services in an order.
func (a *adopted) describe(t *testing.T, services ...string) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `apiVersion: backend-installer/v1
kind: Installation
environment: ADOPTED
product: units
version: "1"
files:
  - path: %s
    slots:
      - {setting: identity.entra.clientSecret, at: /clientSecret}
settings:
  identity.entra.tenantId: %s
  identity.entra.clientId: %s
  identity.entra.authority: %s
  identity.entra.caBundle: %s
  identity.entra.confirmations: "1"
services:
`, a.file, a.entra.Tenant, a.entra.Client, a.entra.URL, a.entra.CAFile)
	for i, name := range services {
		after := "[]"
		if i > 0 {
			after = "[" + services[i-1] + ".service]"
		}
		fmt.Fprintf(&b, "  - {name: %s.service, after: %s, reads: [%s], health: {command: [systemctl, is-active, --quiet, %s], within: 10s, stableFor: 3s}}\n",
			name, after, a.file, name)
	}
	path := filepath.Join(t.TempDir(), "installation.yaml")
	kit.Write(t, path, b.String())
	return path
}

func (a *adopted) rotate(t *testing.T) []string {
	t.Helper()
	return []string{"configure", "--client-secret-file", kit.SecretFile(t, a.entra.AddSecret(t))}
}

func TestServicesRestartInOrderAndOnlyThoseThatRan(t *testing.T) {
	a := adopt(t, map[string]unit{"t-one": {script: forever}, "t-two": {script: forever}, "t-three": {script: forever}}, "t-one", "t-three")
	installer(t, 0, "adopt", a.describe(t, "t-one", "t-two", "t-three"))
	one, three := mainPID(t, "t-one"), mainPID(t, "t-three")
	got := installer(t, 0, a.rotate(t)...)
	if mainPID(t, "t-one") == one || mainPID(t, "t-three") == three {
		t.Error("a service that ran was not restarted")
	}
	if mainPID(t, "t-two") != 0 {
		t.Error("a service that did not run was started")
	}
	if !strings.Contains(got.Stderr, "t-two") {
		t.Errorf("the stopped service is not reported:\n%s", got.Stderr)
	}
	order := []string{"stop t-three", "stop t-one", "start t-one", "start t-three"}
	at := 0
	for _, want := range order {
		next := strings.Index(got.Stderr[at:], want)
		if next < 0 {
			t.Fatalf("%q is missing or out of order:\n%s", want, got.Stderr)
		}
		at += next
	}
	if !strings.HasPrefix(kit.Read(t, a.file), "# kept by hand\nclientSecret: '") {
		t.Errorf("the file lost its form:\n%s", kit.Read(t, a.file))
	}
}

func TestDependantsOfTheUnitArePulledIn(t *testing.T) {
	a := adopt(t, map[string]unit{"t-one": {script: forever}})
	kit.Write(t, "/etc/systemd/system/t-web.service", "[Unit]\nRequires=t-one.service\nAfter=t-one.service\n[Service]\nExecStart=/bin/sleep infinity\n")
	t.Cleanup(func() {
		quietly("systemctl", "stop", "t-web")
		_ = os.Remove("/etc/systemd/system/t-web.service") // made above
		quietly("systemctl", "daemon-reload")
	})
	sh(t, "systemctl", "daemon-reload")
	sh(t, "systemctl", "start", "t-web")
	installer(t, 0, "adopt", a.describe(t, "t-one"))
	before := mainPID(t, "t-web")
	installer(t, 0, a.rotate(t)...)
	if now := mainPID(t, "t-web"); now == 0 || now == before {
		t.Errorf("the dependant has process %d, before %d", now, before)
	}
}

func TestUnitsThatCannotBeRestartedAreExplainedBeforeAnythingIsWritten(t *testing.T) {
	t.Run("unknown", func(t *testing.T) {
		a := adopt(t, map[string]unit{"t-one": {script: forever}}, "t-one")
		got := installer(t, 8, "adopt", a.describe(t, "t-one", "t-nowhere"))
		if !strings.Contains(got.Stderr, "t-nowhere") {
			t.Errorf("stderr:\n%s", got.Stderr)
		}
	})
	t.Run("gone since", func(t *testing.T) {
		a := adopt(t, map[string]unit{"t-one": {script: forever}, "t-two": {script: forever}}, "t-one")
		installer(t, 0, "adopt", a.describe(t, "t-one", "t-two"))
		if err := os.Remove("/etc/systemd/system/t-two.service"); err != nil {
			t.Fatal(err)
		}
		sh(t, "systemctl", "daemon-reload")
		before := snapshot(t, a.file)
		got := installer(t, 8, a.rotate(t)...)
		if !strings.Contains(got.Stderr, "t-two.service is unknown") || snapshot(t, a.file) != before {
			t.Errorf("stderr:\n%s", got.Stderr)
		}
	})
	t.Run("masked", func(t *testing.T) {
		a := adopt(t, map[string]unit{"t-one": {script: forever}}, "t-one")
		installer(t, 0, "adopt", a.describe(t, "t-one"))
		unitFile := "/etc/systemd/system/t-one.service"
		if err := os.Rename(unitFile, unitFile+".aside"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Remove(unitFile + ".aside") }) // moved above
		sh(t, "systemctl", "mask", "t-one")
		before := snapshot(t, a.file)
		got := installer(t, 8, a.rotate(t)...)
		if !strings.Contains(got.Stderr, "systemctl unmask t-one") || snapshot(t, a.file) != before {
			t.Errorf("stderr:\n%s", got.Stderr)
		}
	})
	t.Run("disabled is restarted all the same, and stays disabled", func(t *testing.T) {
		a := adopt(t, map[string]unit{"t-one": {script: forever}}, "t-one")
		installer(t, 0, "adopt", a.describe(t, "t-one"))
		before := mainPID(t, "t-one")
		installer(t, 0, a.rotate(t)...)
		if mainPID(t, "t-one") == before || property(t, "t-one", "UnitFileState") != "disabled" {
			t.Errorf("process %d before, %d after; %s", before, mainPID(t, "t-one"), property(t, "t-one", "UnitFileState"))
		}
	})
}

// Each of these starts well with the old secret and badly with any other.
func TestUnitsThatFailWithTheNewSecretAreRolledBack(t *testing.T) {
	badly := func(what string) string {
		return `if [ "$(md5sum < $FILE)" = "$(cat $FILE.sum)" ]; then ` + forever + `; else ` + what + `; fi`
	}
	for name, u := range map[string]unit{
		"failing at start":     {script: badly("exit 1")},
		"dying after 1.5 s":    {script: badly("sleep 1.5; exit 1")},
		"crash-looping":        {script: badly("sleep 0.2; exit 1"), extra: "Restart=always\nRestartSec=100ms\nStartLimitIntervalSec=0"},
		"notify without ready": {kind: "notify", script: badly("sleep infinity"), extra: "TimeoutStartSec=3\nNotifyAccess=all"},
	} {
		t.Run(name, func(t *testing.T) {
			if u.kind == "notify" {
				u.script = strings.Replace(u.script, forever, "systemd-notify --ready; "+forever, 1)
			}
			a := adopt(t, nil)
			u.extra += "\nEnvironment=FILE=" + a.file
			sh(t, "sh", "-c", "md5sum < "+a.file+" > "+a.file+".sum")
			a.unit(t, "t-one", u)
			sh(t, "systemctl", "daemon-reload")
			sh(t, "systemctl", "start", "t-one")
			installer(t, 0, "adopt", a.describe(t, "t-one"))
			before := kit.Read(t, a.file)
			got := installer(t, 20, append(a.rotate(t), "--output", "json")...)
			kit.WantResult(t, got, "rolled-back")
			if kit.Read(t, a.file) != before {
				t.Error("the file is not as before")
			}
			if sh(t, "systemctl", "is-active", "t-one") != "active" {
				t.Error("the service does not run on the old secret")
			}
			wantNothingBeside(t, a.file)
		})
	}
}

func TestAStopThatHangsIsEndedByItsManager(t *testing.T) {
	a := adopt(t, map[string]unit{
		"t-one": {script: `trap "" TERM; while :; do sleep 1; done`, extra: "TimeoutStopSec=4"},
	}, "t-one")
	installer(t, 0, "adopt", a.describe(t, "t-one"))
	before, began := mainPID(t, "t-one"), time.Now()
	installer(t, 0, a.rotate(t)...)
	if mainPID(t, "t-one") == before {
		t.Error("the service was not restarted")
	}
	if took := time.Since(began); took < 4*time.Second || took > time.Minute {
		t.Errorf("took %s", took)
	}
}

// Three services and two of them fine: everything goes back.
func TestOnlyTheLastServiceFailsAndAllGoBack(t *testing.T) {
	a := adopt(t, map[string]unit{"t-one": {script: forever}, "t-two": {script: forever}}, "t-one", "t-two")
	sh(t, "sh", "-c", "md5sum < "+a.file+" > "+a.file+".sum")
	a.unit(t, "t-three", unit{
		script: `[ "$(md5sum < $FILE)" = "$(cat $FILE.sum)" ] && ` + forever + `; exit 1`, extra: "Environment=FILE=" + a.file,
	})
	sh(t, "systemctl", "daemon-reload")
	sh(t, "systemctl", "start", "t-three")
	installer(t, 0, "adopt", a.describe(t, "t-one", "t-two", "t-three"))
	before := kit.Read(t, a.file)
	installer(t, 20, a.rotate(t)...)
	if kit.Read(t, a.file) != before {
		t.Error("the file is not as before")
	}
	for _, name := range []string{"t-one", "t-two", "t-three"} {
		if got := sh(t, "systemctl", "is-active", name); got != "active" {
			t.Errorf("%s is %s", name, got)
		}
	}
}
