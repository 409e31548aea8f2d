package remedy_test

import (
	"regexp"
	"runtime"
	"testing"

	"github.com/empowersuite/backend-installer/installer/remedy"
)

func all(w remedy.Words) []string {
	return []string{w.Elevated(""), w.Elevated("an account that owns the file"), w.Sudo(), w.SetClock(), w.Log("web"), w.Start("web"), w.Close("file"), w.CloseFolder("folder"), w.Unwritable()}
}

func TestWordsAreOfTheSystem(t *testing.T) {
	linux := regexp.MustCompile(`sudo|systemd|journalctl|timedatectl|lsattr|chmod`)
	windows := regexp.MustCompile(`Run as administrator|w32tm|eventvwr|sc\.exe|icacls|attrib\)`)
	for _, text := range all(remedy.For("windows")) {
		if linux.MatchString(text) {
			t.Errorf("on Windows: %q", text)
		}
		if text != "" && !windows.MatchString(text) {
			t.Errorf("not of Windows: %q", text)
		}
	}
	for _, text := range all(remedy.For("linux")) {
		if windows.MatchString(text) || !linux.MatchString(text) {
			t.Errorf("on Linux: %q", text)
		}
	}
}

func TestTheWordsHereAreThoseOfThisSystem(t *testing.T) {
	if got, want := remedy.Here(), remedy.For(runtime.GOOS); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestElevatedNamesWhoElseMay(t *testing.T) {
	if got, want := remedy.For("linux").Elevated("an account that owns the file"), "run it with sudo, or as an account that owns the file"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
