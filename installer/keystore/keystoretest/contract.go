// Package keystoretest is the contract of credential stores and a store in
// memory that keeps it.
package keystoretest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Memory is a store in memory. Err, where it is set, is the answer to all.
type Memory struct {
	Err error

	mu      sync.Mutex
	entries map[string]secret.Value
}

var _ keystore.Store = (*Memory)(nil)

// Get reads an entry.
func (m *Memory) Get(_ context.Context, name string) (secret.Value, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.entries[name]
	switch {
	case m.Err != nil:
		return secret.Value{}, fmt.Errorf("read the entry %q: %w", name, m.Err)
	case !ok:
		return secret.Value{}, fmt.Errorf("read the entry %q: %w", name, keystore.ErrNotFound)
	}
	return v, nil
}

// Set writes an entry.
func (m *Memory) Set(_ context.Context, name string, v secret.Value) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.Err != nil {
		return fmt.Errorf("write the entry %q: %w", name, m.Err)
	}
	if m.entries == nil {
		m.entries = map[string]secret.Value{}
	}
	m.entries[name] = v
	return nil
}

// Delete removes an entry.
func (m *Memory) Delete(ctx context.Context, name string) error {
	if _, err := m.Get(ctx, name); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.entries, name)
	return nil
}

// Run proves that a store keeps the contract.
func Run(t *testing.T, store keystore.Store) {
	t.Helper()
	const name = "contract-test.of_backend-installer"
	ctx := t.Context()
	if _, err := store.Get(ctx, name); !errors.Is(err, keystore.ErrNotFound) {
		t.Fatalf("an entry that is not there: got %v, want ErrNotFound", err)
	}
	for _, text := range []string{"TST8Q~not-a-real-secret-0000000000000001", "ü \"' \\ €", "second"} {
		v := secret.New(text)
		if err := store.Set(ctx, name, v); err != nil {
			t.Fatalf("set: %v", err)
		}
		if got, err := store.Get(ctx, name); err != nil || !got.Equal(v) {
			t.Errorf("get: another value, %v", err)
		}
	}
	if err := store.Delete(ctx, name); err != nil {
		t.Fatalf("delete: %v", err)
	}
	if err := store.Delete(ctx, name); !errors.Is(err, keystore.ErrNotFound) {
		t.Errorf("delete again: got %v, want ErrNotFound", err)
	}
}
