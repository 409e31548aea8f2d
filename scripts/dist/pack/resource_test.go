package pack_test

import (
	"bytes"
	"debug/pe"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc-hib/winres"
	"github.com/tc-hib/winres/version"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

func someOrigin() pack.Origin {
	return pack.Origin{Version: "9.7.0", Commit: "0123456789abcdef0123456789abcdef01234567", Time: commitTime()}
}

// windowsProgram is a small program for Windows.
func windowsProgram(t *testing.T, arch string) []byte {
	t.Helper()
	folder := t.TempDir()
	source, out := filepath.Join(folder, "main.go"), filepath.Join(folder, "small.exe")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", out, source)
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	program, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func withResources(t *testing.T, program []byte, origin pack.Origin) []byte {
	t.Helper()
	got, err := pack.WithResources(program, origin)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// resources reads back what Windows shows of a program.
func resources(t *testing.T, program []byte) (*version.Info, string) {
	t.Helper()
	set, err := winres.LoadFromEXE(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	info, err := version.FromBytes(set.Get(winres.RT_VERSION, winres.ID(1), version.LangDefault))
	if err != nil {
		t.Fatal(err)
	}
	return info, string(set.Get(winres.RT_MANIFEST, winres.ID(1), winres.LCIDDefault))
}

func TestTheProgramTellsWindowsWhatItIs(t *testing.T) {
	for arch, machine := range map[string]uint16{"amd64": pe.IMAGE_FILE_MACHINE_AMD64, "arm64": pe.IMAGE_FILE_MACHINE_ARM64} {
		t.Run(arch, func(t *testing.T) {
			plain := windowsProgram(t, arch)
			program := withResources(t, plain, someOrigin())
			if again := withResources(t, plain, someOrigin()); !bytes.Equal(program, again) {
				t.Error("the second time gives other bytes")
			}
			image, err := pe.NewFile(bytes.NewReader(program))
			if err != nil {
				t.Fatal(err)
			}
			if image.Machine != machine || image.Section(".rsrc") == nil {
				t.Errorf("got machine %#x and sections %v", image.Machine, image.Sections)
			}
			checkVersion(t, program, someOrigin())
			checkManifest(t, program)
		})
	}
}

func checkVersion(t *testing.T, program []byte, origin pack.Origin) {
	t.Helper()
	info, _ := resources(t, program)
	number := [4]uint16{9, 7, 0, 0}
	if info.ProductVersion != number || info.FileVersion != number || info.Flags.PrivateBuild != origin.Dirty || !info.Timestamp.IsZero() {
		t.Errorf("got %v, %v, private build %v, time %v", info.ProductVersion, info.FileVersion, info.Flags.PrivateBuild, info.Timestamp)
	}
	text, err := info.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"ProductVersion":"` + origin.Version + `"`, `"FileVersion":"` + origin.Version + `"`, `"CompanyName":"empower"`,
		`"FileDescription":"empower Backend installer"`, `"LegalCopyright":"Copyright © 2026 empower"`,
		`"OriginalFilename":"installer.exe"`, `"Comments":"commit ` + origin.Commit + `"`,
	} {
		if !strings.Contains(strings.ReplaceAll(string(text), `": "`, `":"`), want) {
			t.Errorf("the version resource has no %s: %s", want, text)
		}
	}
}

func checkManifest(t *testing.T, program []byte) {
	t.Helper()
	_, manifest := resources(t, program)
	for _, want := range []string{
		`<requestedExecutionLevel level="asInvoker" uiAccess="false"/>`,
		`<longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>`,
		`<supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/>`,
	} {
		if !strings.Contains(manifest, want) {
			t.Errorf("the manifest has no %s:\n%s", want, manifest)
		}
	}
	for _, unwanted := range []string{"requireAdministrator", "activeCodePage", "{35138b9a-5d96-4fbd-8e2d-a2440225f93a}"} {
		if strings.Contains(manifest, unwanted) {
			t.Errorf("the manifest has %s:\n%s", unwanted, manifest)
		}
	}
}

func TestAChangedTreeIsInTheVersionResource(t *testing.T) {
	origin := someOrigin()
	origin.Version, origin.Dirty = "9.7.0-dirty", true
	program := withResources(t, windowsProgram(t, "amd64"), origin)
	checkVersion(t, program, origin)
}

func TestOnlyWindowsProgramsGetResources(t *testing.T) {
	if _, err := pack.WithResources([]byte("\x7fELF"), someOrigin()); err == nil {
		t.Error("got no error")
	}
}
