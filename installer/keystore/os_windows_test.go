package keystore_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/keystore/keystoretest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func TestTheCredentialManagerKeepsTheContract(t *testing.T) {
	keystoretest.Run(t, keystore.OS{})
}

func TestTheCredentialManagerTakesItsLimitAndNoByteMore(t *testing.T) {
	const name = "limit test of backend-installer"
	store := keystore.OS{}
	t.Cleanup(func() { _ = store.Delete(t.Context(), name) })
	for _, text := range []string{strings.Repeat("x", 2560), strings.Repeat("ü", 1280)} {
		v := secret.New(text)
		if err := store.Set(t.Context(), name, v); err != nil {
			t.Fatalf("%d bytes: %v", v.Len(), err)
		}
		if got, err := store.Get(t.Context(), name); err != nil || !got.Equal(v) {
			t.Errorf("%d bytes: another value, %v", v.Len(), err)
		}
	}
	kept, err := store.Get(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{strings.Repeat("x", 2561), strings.Repeat("ü", 1280) + "x"} {
		if err := store.Set(t.Context(), name, secret.New(text)); !errors.Is(err, keystore.ErrTooLarge) {
			t.Errorf("%d bytes: got %v, want %v", len(text), err, keystore.ErrTooLarge)
		}
	}
	if now, err := store.Get(t.Context(), name); err != nil || !now.Equal(kept) {
		t.Errorf("got another value, %v; want the one before", err)
	}
}
