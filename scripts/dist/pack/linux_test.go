package pack_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

func TestLinuxPackagesAreTheSameFromAnyFolder(t *testing.T) {
	content := append(someFiles(), pack.File{Name: "NOTICES.txt", Data: []byte("notices\n")})
	make1 := func() []pack.File {
		files, err := pack.LinuxPackages(t.Context(), t.TempDir(), pack.Target{OS: "linux", Arch: "arm64"}, content, someOrigin())
		if err != nil {
			t.Fatal(err)
		}
		return files
	}
	first, second := make1(), make1()
	var names []string
	for i := range first {
		names = append(names, first[i].Name)
		if !bytes.Equal(first[i].Data, second[i].Data) {
			t.Errorf("%s: the second time gives other bytes", first[i].Name)
		}
	}
	if got, want := strings.Join(names, " "), "empower-backend-installer_9.7.0-1_arm64.deb empower-backend-installer-9.7.0-1.aarch64.rpm"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAPackageOfAChangedTreeIsOlderThanTheRelease(t *testing.T) {
	origin := someOrigin()
	origin.Version, origin.Dirty = "9.7.0-dirty", true
	files, err := pack.LinuxPackages(t.Context(), t.TempDir(), pack.Target{OS: "linux", Arch: "amd64"}, someFiles(), origin)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(files[0].Name, "9.7.0~dirty") || !strings.Contains(files[1].Name, "9.7.0~dirty") {
		t.Errorf("got %s and %s", files[0].Name, files[1].Name)
	}
}
