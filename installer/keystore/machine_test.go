package keystore_test

import (
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func TestAnEntryOfTheMachineIsForTheSystemAndAdministratorsAlone(t *testing.T) {
	const (
		me     = "S-1-5-21-1-2-3-1001"
		closed = "O:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)"
	)
	for name, c := range map[string]struct {
		owner, list string
		want        bool
	}{
		"as it is made":             {"S-1-5-32-544", access.List(false), true},
		"the folder":                {"S-1-5-32-544", access.List(true), true},
		"made by the system":        {"S-1-5-18", closed, true},
		"made by this account":      {me, closed, true},
		"made by another":           {"S-1-5-21-1-2-3-1002", closed, false},
		"users read":                {"S-1-5-32-544", closed + "(A;;FR;;;BU)", false},
		"users read what is in it":  {"S-1-5-32-544", closed + "(A;OICI;0x1200a9;;;BU)", false},
		"everybody writes":          {"S-1-5-32-544", closed + "(A;;FW;;;WD)", false},
		"one account, which may":    {"S-1-5-32-544", closed + "(A;;FR;;;S-1-5-21-1-2-3-1003)", true},
		"there is no list":          {"S-1-5-32-544", "O:BA", false},
		"the list cannot be parsed": {"S-1-5-32-544", "D:(A;;", false},
	} {
		err := keystore.Guarded(c.owner, me, c.list)
		if (err == nil) != c.want || err != nil && !errors.Is(err, keystore.ErrExposed) {
			t.Errorf("%s: got %v, want guarded %v", name, err, c.want)
		}
	}
}

func TestWhatIsNoNameOfAnEntryIsRefused(t *testing.T) {
	store := keystore.Machine{Folder: filepath.Join(t.TempDir(), "keyring")}
	for _, name := range []string{"", "..\\up", "../up", "a b", "a:b", "ü", strings.Repeat("n", 65)} {
		_, read := store.Get(t.Context(), name)
		for _, err := range []error{read, store.Set(t.Context(), name, secret.New("TST8Q~not-a-real-secret")), store.Delete(t.Context(), name)} {
			if !errors.Is(err, keystore.ErrName) {
				t.Errorf("%q: got %v, want %v", name, err, keystore.ErrName)
			}
		}
	}
}

func TestOtherSystemsHaveNoStoreOfTheMachine(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has one")
	}
	folder := filepath.Join(t.TempDir(), "keyring")
	err := keystore.Machine{Folder: folder}.Set(t.Context(), "name", secret.New("TST8Q~not-a-real-secret"))
	if !errors.Is(err, keystore.ErrUnusable) || strings.Contains(err.Error(), "TST8Q") {
		t.Errorf("got %v, want %v", err, keystore.ErrUnusable)
	}
	if found, _ := filepath.Glob(folder); len(found) != 0 {
		t.Errorf("got %q, want nothing to be made", found)
	}
}
