package pack_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

// need skips a test where a tool is missing; with DIST_STRICT that fails.
func need(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err == nil {
			continue
		}
		if os.Getenv("DIST_STRICT") != "" {
			t.Fatalf("%s is not installed", tool)
		}
		t.Skipf("%s is not installed", tool)
	}
}

// run returns what a tool prints.
func run(t *testing.T, environ []string, argv ...string) string {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), environ...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", strings.Join(argv, " "), err, out)
	}
	return string(out)
}

func makeMSI(t *testing.T, program string, origin pack.Origin) []byte {
	t.Helper()
	msi, err := pack.MSI(t.Context(), t.TempDir(), []byte(program), origin)
	if err != nil {
		t.Fatal(err)
	}
	return msi
}

func TestTheMSIIsTheSameASecondLaterInAnotherFolder(t *testing.T) {
	need(t, "wixl", "msibuild")
	first := makeMSI(t, "program", someOrigin())
	time.Sleep(1100 * time.Millisecond)
	if second := makeMSI(t, "program", someOrigin()); !bytes.Equal(first, second) {
		t.Error("the second time gives other bytes")
	}
	if other := makeMSI(t, "another", someOrigin()); packageCode(t, first) == packageCode(t, other) {
		t.Error("two different packages have one package code")
	}
}

func packageCode(t *testing.T, msi []byte) string {
	t.Helper()
	_, rest, _ := strings.Cut(summaryOf(t, msi), "Revision number (UUID): ")
	code, _, found := strings.Cut(rest, "\n")
	if !found || len(code) != 38 {
		t.Fatalf("got package code %q", code)
	}
	return code
}

func summaryOf(t *testing.T, msi []byte) string {
	t.Helper()
	name := t.TempDir() + "/a.msi"
	if err := os.WriteFile(name, msi, 0o600); err != nil {
		t.Fatal(err)
	}
	return run(t, []string{"TZ=UTC", "LC_ALL=C"}, "msiinfo", "suminfo", name)
}

func TestTheMSIHasTheTimeOfTheCommitAndKeepsItsUpgradeCode(t *testing.T) {
	need(t, "wixl", "msibuild", "msiinfo")
	msi := makeMSI(t, "program", someOrigin())
	text := summaryOf(t, msi)
	for _, want := range []string{"Created: Thu Nov 26 09:30:14 2026", "Last saved: Thu Nov 26 09:30:14 2026", "Template: x64;1033"} {
		if !strings.Contains(text, want) {
			t.Errorf("the summary has no %q:\n%s", want, text)
		}
	}
	name := t.TempDir() + "/a.msi"
	if err := os.WriteFile(name, msi, 0o600); err != nil {
		t.Fatal(err)
	}
	for table, wants := range map[string][]string{
		"Property":               {"UpgradeCode\t{5B8833D9-DC47-4A71-8988-86F241B233B9}", "ProductVersion\t9.7.0", "ALLUSERS\t1", "ProductName\tempower Backend installer"},
		"File":                   {"\t9.7.0.0\t1033\t"},
		"Environment":            {"=-*PATH\t[~];[INSTALLDIR]"},
		"Directory":              {"INSTALLDIR\tEMPOWER\tinstaller", "EMPOWER\tProgramFiles64Folder\tempower"},
		"InstallExecuteSequence": {"WriteEnvironmentStrings\t\t5200", "RemoveEnvironmentStrings\t\t3300", "RemoveExistingProducts\t"},
	} {
		text := run(t, nil, "msiinfo", "export", name, table)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("the table %s has no %q:\n%s", table, want, text)
			}
		}
	}
}
