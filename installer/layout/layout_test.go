package layout_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/layout"
)

func each(p layout.Paths) map[string]string {
	all := map[string]string{}
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		all[v.Type().Field(i).Name] = v.Field(i).String()
	}
	return all
}

func TestLinuxFoldersFollowTheHierarchyStandard(t *testing.T) {
	got := layout.Host{GOOS: "linux"}.For("PROD", "9.7.0")
	want := layout.Paths{
		Program: "/opt/empower/backend", Release: "/opt/empower/backend/releases/9.7.0",
		Current: "/opt/empower/backend/PROD/current", Config: "/etc/empower/backend/PROD",
		Data: "/var/lib/empower/backend/PROD", Logs: "/var/log/empower/backend/PROD",
		Temp: "/var/cache/empower/backend/PROD", State: "/var/lib/empower/installer/PROD",
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestWindowsFoldersAreTheVendors(t *testing.T) {
	for name, path := range each(layout.Host{GOOS: "windows"}.For("PROD", "9.7.0")) {
		if !strings.HasPrefix(path, `C:\Program`) || strings.Contains(path, "/") {
			t.Errorf("%s is %q", name, path)
		}
	}
}

func TestWindowsFoldersAreBelowThoseOfTheHost(t *testing.T) {
	host := layout.Host{GOOS: "windows", Programs: `E:\Programme`, Data: `D:\Daten`}
	got := host.For("PROD", "9.7.0")
	if want := `E:\Programme\empower\backend\releases\9.7.0`; got.Release != want || got.Current != want {
		t.Errorf("got %q and %q, want %q", got.Release, got.Current, want)
	}
	if want := `D:\Daten\empower\backend\PROD\root`; got.Config != want {
		t.Errorf("got %q, want %q", got.Config, want)
	}
	if want := `D:\Daten\empower\installer`; host.StateRoot() != want {
		t.Errorf("got %q, want %q", host.StateRoot(), want)
	}
}

func TestEveryPathMovesBelowThePrefix(t *testing.T) {
	for _, goos := range []string{"linux", "windows"} {
		for name, path := range each(layout.Host{GOOS: goos}.For("PROD", "9.7.0").Under(filepath.FromSlash("/tmp/here"))) {
			if !strings.HasPrefix(path, filepath.FromSlash("/tmp/here/")) || strings.Contains(path, ":") {
				t.Errorf("%s: %s is %q", goos, name, path)
			}
		}
	}
	if p := (layout.Host{GOOS: "linux"}).For("PROD", "1"); p.Under("") != p {
		t.Error("without a prefix something moved")
	}
}

func TestNamesOfEnvironments(t *testing.T) {
	for name, want := range map[string]bool{
		"PROD": true, "prod-2": true, "a_1": true, "1_a": false, "_a": false, strings.Repeat("a", 32): true,
		"": false, strings.Repeat("a", 33): false, "-a": false, "a b": false, "a/b": false, "..": false, "a.b": false,
		"ä": false, "con": false, "NUL": false, "lpt1": false, "COM0": false, "com10": true, "console": true,
	} {
		if got := layout.ValidEnvironment(name); got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}
