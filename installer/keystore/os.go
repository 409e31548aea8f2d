package keystore

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	service = "backend-installer"
	within  = 3 * time.Second
)

// OS is the store of the account that runs the program: Secret Service,
// Credential Manager or Keychain. It is often not there over SSH, WinRM, cron
// and without a desktop session.
type OS struct{}

var _ Store = OS{}

// Get reads an entry.
func (OS) Get(ctx context.Context, name string) (secret.Value, error) {
	return bounded(ctx, "read", name, func() (secret.Value, error) {
		text, err := keyring.Get(service, name)
		return secret.New(text), err
	})
}

// Set writes an entry and reads it back: some stores say yes and keep nothing.
func (OS) Set(ctx context.Context, name string, v secret.Value) error {
	if most := MaxBytes(runtime.GOOS); most > 0 && v.Len() > most {
		return fmt.Errorf("write the entry %q: %w: %d bytes, at most %d", name, ErrTooLarge, v.Len(), most)
	}
	back, err := bounded(ctx, "write", name, func() (secret.Value, error) {
		if err := keyring.Set(service, name, v.Reveal()); err != nil {
			return secret.Value{}, err
		}
		text, err := keyring.Get(service, name)
		return secret.New(text), err
	})
	if err == nil && !back.Equal(v) {
		return fmt.Errorf("write the entry %q: %w: it does not read back", name, ErrUnusable)
	}
	return err
}

// Delete removes an entry.
func (OS) Delete(ctx context.Context, name string) error {
	_, err := bounded(ctx, "delete", name, func() (secret.Value, error) {
		return secret.Value{}, keyring.Delete(service, name)
	})
	return err
}

// bounded gives a call to the store three seconds: it may wait for a bus that
// does not answer, or for a person who is not there. The call itself cannot be
// ended, and is left behind.
func bounded(ctx context.Context, verb, name string, call func() (secret.Value, error)) (secret.Value, error) {
	type result struct {
		value secret.Value
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := call()
		done <- result{value, err}
	}()
	timeout := time.NewTimer(within)
	defer timeout.Stop()
	select {
	case r := <-done:
		return r.value, wrap(verb, name, r.err)
	case <-timeout.C:
		return secret.Value{}, fmt.Errorf("%s the entry %q: %w: no answer within %s", verb, name, ErrUnusable, within)
	case <-ctx.Done():
		return secret.Value{}, fmt.Errorf("%s the entry %q: %w", verb, name, context.Cause(ctx))
	}
}

func wrap(verb, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the entry %q: %w", verb, name, Meaning(runtime.GOOS, err))
}
