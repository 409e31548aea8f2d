package pack_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// linuxPlaces are what deb and rpm hold besides the completion of zsh.
func linuxPlaces() []string {
	const documents = "/usr/share/doc/empower-backend-installer/"
	return []string{
		"/usr/bin/installer",
		"/usr/share/bash-completion/completions/installer",
		documents + "CHANGELOG.md",
		documents + "README.md",
		documents + "answers.example.yaml",
		documents + "answers.schema.json",
		documents + "copyright",
		"/usr/share/fish/vendor_completions.d/installer.fish",
	}
}

func TestTheDebHasItsFilesInPlace(t *testing.T) {
	folder := releaseFolder(t)
	need(t, "dpkg-deb")
	for _, arch := range []string{"amd64", "arm64"} {
		deb := only(t, filepath.Join(folder, "empower-backend-installer_*_"+arch+".deb"))
		root := t.TempDir()
		run(t, nil, "dpkg-deb", "--extract", deb, root)
		if got, want := filesBelow(t, root), append(linuxPlaces(), "/usr/share/zsh/vendor-completions/_installer"); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", arch, got, want)
		}
		if got := strings.TrimSpace(run(t, nil, "dpkg-deb", "--field", deb, "Architecture")); got != arch {
			t.Errorf("got architecture %q, want %q", got, arch)
		}
		for line := range strings.Lines(run(t, nil, "dpkg-deb", "--contents", deb)) {
			if fields := strings.Fields(line); fields[1] != "root/root" || strings.Contains(fields[0][1:], "s") {
				t.Errorf("%s: %s", arch, line)
			}
		}
	}
}

func filesBelow(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.ToSlash(strings.TrimPrefix(path, root)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestTheDebInstallsAndGoes(t *testing.T) {
	deb := only(t, filepath.Join(releaseFolder(t), "empower-backend-installer_*_"+runtime.GOARCH+".deb"))
	need(t, "dpkg")
	root := t.TempDir()
	for _, folder := range []string{"info", "updates", "triggers"} {
		if err := os.MkdirAll(filepath.Join(root, "var/lib/dpkg", folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "var/lib/dpkg/status"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	dpkg := []string{"dpkg", "--root=" + root, "--log=/dev/null", "--force-not-root,script-chrootless"}
	run(t, nil, append(dpkg, "--install", deb)...)
	program := filepath.Join(root, "usr/bin/installer")
	if got := run(t, nil, program, "version"); !strings.HasPrefix(got, "installer "+versionOfSource(t)+" ") {
		t.Errorf("got %q", got)
	}
	run(t, nil, append(dpkg, "--purge", "empower-backend-installer")...)
	if _, err := os.Stat(program); err == nil {
		t.Error("the program is still there")
	}
}

func TestTheRPMHasItsFilesInPlace(t *testing.T) {
	folder := releaseFolder(t)
	need(t, "rpm")
	for _, arch := range []string{"x86_64", "aarch64"} {
		name := only(t, filepath.Join(folder, "empower-backend-installer-*."+arch+".rpm"))
		got := strings.Fields(run(t, nil, "rpm", "--query", "--package", "--list", name))
		if want := append(linuxPlaces(), "/usr/share/zsh/site-functions/_installer"); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", arch, got, want)
		}
		const format = "%{ARCH} %{VERSION} %{BUILDHOST}[ %{FILEUSERNAME}:%{FILEGROUPNAME}]"
		told := run(t, nil, "rpm", "--query", "--package", "--queryformat", format, name)
		if want := arch + " " + versionOfSource(t) + " localhost" + strings.Repeat(" root:root", len(got)); told != want {
			t.Errorf("got %q, want %q", told, want)
		}
		run(t, nil, "rpm", "--checksig", "--nosignature", name)
	}
}

// extracted is the program in an MSI.
func extracted(t *testing.T, msi string) []byte {
	t.Helper()
	folder := t.TempDir()
	run(t, nil, "msiextract", "-C", folder, msi)
	data, err := os.ReadFile(filepath.Join(folder, "empower", "installer", "installer.exe"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTheMSIHoldsTheProgramOfTheZip(t *testing.T) {
	folder := releaseFolder(t)
	need(t, "wixl", "msiextract")
	program := unpack(t, only(t, filepath.Join(folder, "*-windows-amd64.zip")))["installer.exe"].Data
	if got := extracted(t, only(t, filepath.Join(folder, "*.msi"))); !bytes.Equal(got, program) {
		t.Errorf("got %d bytes, want the %d of the zip", len(got), len(program))
	}
}

// wine is the environment of a prefix that can start programs of Go.
func wine(t *testing.T) []string {
	t.Helper()
	prefix := os.Getenv("DIST_WINE_PREFIX")
	if prefix == "" {
		if os.Getenv("DIST_STRICT") != "" {
			t.Fatal("DIST_WINE_PREFIX names no prefix")
		}
		t.Skip("DIST_WINE_PREFIX names no prefix: make dist-check makes one where Wine is installed")
	}
	environ := []string{"WINEPREFIX=" + prefix, "WINEARCH=win64", "WINEDEBUG=-all", "WINEDLLOVERRIDES=mscoree,mshtml=", "DISPLAY="}
	t.Cleanup(func() { run(t, environ, "wineserver", "--wait") })
	return environ
}

func TestWindowsReadsTheVersionOfTheProgram(t *testing.T) {
	release := releaseFolder(t)
	environ := wine(t)
	folder := t.TempDir()
	program, reader := filepath.Join(folder, "installer.exe"), filepath.Join(folder, "fileversion.exe")
	data := unpack(t, only(t, filepath.Join(release, "*-windows-amd64.zip")))["installer.exe"].Data
	if err := os.WriteFile(program, data, 0o700); err != nil {
		t.Fatal(err)
	}
	run(t, []string{"GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"}, "go", "build", "-o", reader, "./testdata/fileversion")
	got := strings.ReplaceAll(run(t, environ, "wine", reader, program, "ProductVersion", "FileDescription", "CompanyName"), "\r", "")
	if want := "ProductVersion=" + versionOfSource(t) + "\nFileDescription=empower Backend installer\nCompanyName=empower\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheMSIInstallsAndGoes(t *testing.T) {
	release := releaseFolder(t)
	need(t, "wixl")
	environ, msi := wine(t), only(t, filepath.Join(release, "*.msi"))
	const key = `HKLM\System\CurrentControlSet\Control\Session Manager\Environment`
	const folder = `C:\Program Files\empower\installer\`
	program := filepath.Join(os.Getenv("DIST_WINE_PREFIX"), "drive_c/Program Files/empower/installer/installer.exe")

	run(t, environ, "wine", "msiexec", "/i", msi, "/qn")
	if got := run(t, environ, "wine", folder+"installer.exe", "version"); !strings.HasPrefix(got, "installer "+versionOfSource(t)+" windows/amd64 ") {
		t.Errorf("got %q", got)
	}
	if got := run(t, environ, "wine", "reg", "query", key, "/v", "PATH"); !strings.Contains(got, ";"+folder) {
		t.Errorf("the PATH of the machine is %q", got)
	}
	run(t, environ, "wine", "msiexec", "/x", msi, "/qn")
	if _, err := os.Stat(program); err == nil {
		t.Error("the program is still there")
	}
	if got := run(t, environ, "wine", "reg", "query", key, "/v", "PATH"); strings.Contains(got, folder) {
		t.Errorf("the PATH of the machine is still %q", got)
	}
}
