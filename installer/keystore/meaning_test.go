package keystore_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/empowersuite/backend-installer/installer/keystore"
)

func TestAnErrorOfTheStoreHasItsMeaning(t *testing.T) {
	odd := errors.New("odd")
	for _, c := range []struct {
		goos string
		err  error
		want []error
	}{
		{"windows", keyring.ErrNotFound, []error{keystore.ErrNotFound}},
		{"windows", keyring.ErrSetDataTooBig, []error{keystore.ErrTooLarge}},
		{"windows", syscall.Errno(1312), []error{keystore.ErrUnusable, keystore.ErrNoSession}},
		{"windows", fmt.Errorf("write: %w", syscall.Errno(1312)), []error{keystore.ErrUnusable, keystore.ErrNoSession}},
		{"windows", odd, []error{keystore.ErrUnusable, odd}},
		{"linux", odd, []error{keystore.ErrUnusable, odd}},
	} {
		got := keystore.Meaning(c.goos, c.err)
		for _, want := range c.want {
			if !errors.Is(got, want) {
				t.Errorf("%s, %v: got %v, want %v", c.goos, c.err, got, want)
			}
		}
	}
	for _, err := range []error{keystore.Meaning("linux", syscall.Errno(1312)), keystore.Meaning("windows", syscall.Errno(5))} {
		if errors.Is(err, keystore.ErrNoSession) {
			t.Errorf("got %v, want no word of the logon", err)
		}
	}
	if got := keystore.Meaning("windows", syscall.Errno(1312)).Error(); !strings.Contains(got, "WinRM") || !strings.Contains(got, "1312") {
		t.Errorf("got %q, want what it is and its number", got)
	}
}

func TestOnlyWindowsHasALimitThatIsKnown(t *testing.T) {
	for goos, want := range map[string]int{"windows": 2560, "linux": 0, "darwin": 0} {
		if got := keystore.MaxBytes(goos); got != want {
			t.Errorf("%s: got %d, want %d", goos, got, want)
		}
	}
}
