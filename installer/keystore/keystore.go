// Package keystore keeps secrets in the operating system's credential store: that
// of an account (Secret Service, Credential Manager, Keychain), or on Windows one
// of the machine, in files that DPAPI encrypts.
//
// Sources: Microsoft Learn, 2026, "CredWriteW function", "CryptProtectData function"
// (CRYPTPROTECT_LOCAL_MACHINE: every account of the machine can decrypt).
package keystore

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Errors of a Store.
var (
	ErrNotFound = errors.New("no such entry in the credential store")
	ErrUnusable = errors.New("the credential store cannot be used here")
	ErrTooLarge = errors.New("the value is larger than the credential store takes")
	// ErrNoSession comes beside ErrUnusable.
	ErrNoSession = errors.New("Windows keeps no credentials for this logon: it is one over the network, as WinRM and SSH with a key make it") //nolint:staticcheck // a name
)

// Store is one credential store. Each call ends after three seconds at the
// latest; any answer that is not "not found" means ErrUnusable.
type Store interface {
	Get(ctx context.Context, name string) (secret.Value, error)
	Set(ctx context.Context, name string, v secret.Value) error // reads back
	Delete(ctx context.Context, name string) error
}
