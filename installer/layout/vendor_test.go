package layout_test

import (
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/layout"
)

func TestTheVendorsFoldersAreThoseOfTheSystem(t *testing.T) {
	linux := layout.Host{GOOS: "linux"}.Vendors("")
	if len(linux) != 1 || linux[0] != (layout.Vendor{Program: "/opt/empower/backend", Data: "/etc/empower/backend"}) {
		t.Errorf("got %+v", linux)
	}
	want := layout.Vendor{Program: `C:\Program Files\empower\backend`, Data: `C:\ProgramData\empower\backend`, Config: "root", Windows: true}
	if got := (layout.Host{GOOS: "windows"}).Vendors(""); len(got) != 2 || got[0] != want {
		t.Errorf("got %+v", got)
	}
	want.Program, want.Data = `D:\Programs\empower\backend`, `E:\Data\empower\backend`
	if got := (layout.Host{GOOS: "windows", Programs: `D:\Programs`, Data: `E:\Data`}).Vendors(""); got[0] != want {
		t.Errorf("got %+v", got)
	}
}

func TestTheFoldersOfBeforeTheNewNameAreSearchedToo(t *testing.T) {
	old := layout.Host{GOOS: "windows"}.Vendors("")[1]
	if !old.Old || old.Program != `C:\Program Files\Made in Office\empower backend` || old.Data != `C:\ProgramData\Made in Office\empower backend` {
		t.Errorf("got %+v", old)
	}
}

// A tree of Windows can lie on Linux and the other way round.
func TestBelowAPrefixAreTheFoldersOfBothSystems(t *testing.T) {
	prefix := filepath.FromSlash("/tmp/here")
	for _, goos := range []string{"linux", "windows"} {
		var got []string
		for _, v := range (layout.Host{GOOS: goos, Data: `E:\Data`}).Vendors(prefix) {
			got = append(got, filepath.ToSlash(v.Program), filepath.ToSlash(v.Data))
		}
		want := []string{
			"/tmp/here/Program Files/empower/backend", "/tmp/here/ProgramData/empower/backend",
			"/tmp/here/Program Files/Made in Office/empower backend", "/tmp/here/ProgramData/Made in Office/empower backend",
			"/tmp/here/opt/empower/backend", "/tmp/here/etc/empower/backend",
		}
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				t.Fatalf("%s: got %q, want %q", goos, got, want)
			}
		}
	}
}
