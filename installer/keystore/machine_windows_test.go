package keystore_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/keystore/keystoretest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const markedSecret = "TST8Q~not-a-real-secret-0000000000000001"

// machine is a store whose names the contract test may choose.
func machine(t *testing.T) keystore.Machine {
	t.Helper()
	return keystore.Machine{Folder: filepath.Join(t.TempDir(), "state", "keyring")}
}

func TestTheMachinesStoreKeepsTheContract(t *testing.T) {
	store := machine(t)
	keystoretest.Run(t, store)
	if _, err := os.Stat(store.Folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want the folder gone with the last entry", err)
	}
}

func TestTheMachinesStoreKeepsNoPlainText(t *testing.T) {
	store := machine(t)
	if err := store.Set(t.Context(), "prod", secret.New(markedSecret)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"prod", "PROD"} {
		if got, err := store.Get(t.Context(), name); err != nil || got.Reveal() != markedSecret {
			t.Errorf("%s: another value, %v", name, err)
		}
	}
	sealed, err := os.ReadFile(filepath.Join(store.Folder, "entry-prod.dpapi"))
	if err != nil || len(sealed) == 0 || bytes.Contains(sealed, []byte(markedSecret)) || bytes.Contains(sealed, []byte("not-a-real")) {
		t.Errorf("got %d bytes and %v, want what cannot be read", len(sealed), err)
	}
	if err := os.WriteFile(filepath.Join(store.Folder, "entry-prod.dpapi"), []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "prod"); !errors.Is(err, keystore.ErrUnusable) {
		t.Errorf("got %v, want %v", err, keystore.ErrUnusable)
	}
}

func TestAnEntryInAFolderOfOthersIsNotUsed(t *testing.T) {
	store := machine(t)
	if err := os.MkdirAll(store.Folder, 0o777); err != nil {
		t.Fatal(err)
	}
	err := store.Set(t.Context(), "prod", secret.New(markedSecret))
	if err == nil {
		t.Skip("the temporary folder of this account lets nobody else in")
	}
	if !errors.Is(err, keystore.ErrExposed) {
		t.Errorf("got %v, want %v", err, keystore.ErrExposed)
	}
}
