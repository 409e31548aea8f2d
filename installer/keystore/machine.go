package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Errors of a Machine, beside ErrUnusable.
var (
	ErrName    = errors.New("not a name of an entry: letters, digits, dot, - and _, 64 at most")
	ErrExposed = errors.New("others can read or replace the entry")
)

// Machine is a store of the host and not of an account: files that Windows
// encrypts with a key of the machine (DPAPI). Every account of the host could
// decrypt such a file, or make one, so that an entry is used only where nobody
// but the system and administrators can read or change it and its folder. It is
// there without a desktop, over WinRM and for the system's own account.
type Machine struct {
	Folder string
}

var _ Store = Machine{}

// maxSealedBytes bounds an entry as it is kept.
const maxSealedBytes = 64 << 10

// Get reads an entry.
func (m Machine) Get(ctx context.Context, name string) (secret.Value, error) {
	return bounded(ctx, "read", name, func() (secret.Value, error) { return m.read(name) })
}

func (m Machine) read(name string) (secret.Value, error) {
	path, err := m.path(name)
	if err != nil {
		return secret.Value{}, err
	}
	sealed, err := atomicfile.Read(path, maxSealedBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return secret.Value{}, ErrNotFound
	}
	for _, guarded := range []string{m.Folder, path} {
		if err == nil {
			err = guard(guarded)
		}
	}
	if err != nil {
		return secret.Value{}, err
	}
	text, err := unseal(sealed.Data, purpose(name))
	return secret.New(string(text)), err
}

// Set writes an entry and reads it back.
func (m Machine) Set(ctx context.Context, name string, v secret.Value) error {
	back, err := bounded(ctx, "write", name, func() (secret.Value, error) {
		if err := m.write(name, v); err != nil {
			return secret.Value{}, err
		}
		return m.read(name)
	})
	if err == nil && !back.Equal(v) {
		return fmt.Errorf("write the entry %q: %w: it does not read back", name, ErrUnusable)
	}
	return err
}

func (m Machine) write(name string, v secret.Value) error {
	path, err := m.path(name)
	if err != nil {
		return err
	}
	sealed, err := seal([]byte(v.Reveal()), purpose(name))
	if err != nil {
		return err
	}
	const parents = 0o755 // as the installer's state has it
	if err := atomicfile.MakeFolder(filepath.Dir(m.Folder), parents, parents); err != nil {
		return err
	}
	err = atomicfile.NewFolder(m.Folder, 0o700, access.List(true))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := guard(m.Folder); err != nil {
		return err
	}
	return atomicfile.Create(path, sealed, atomicfile.Options{Mode: 0o600, UID: -1, GID: -1, Access: access.List(false)})
}

// Delete removes an entry, and the folder with the last.
func (m Machine) Delete(ctx context.Context, name string) error {
	_, err := bounded(ctx, "delete", name, func() (secret.Value, error) {
		path, err := m.path(name)
		if err == nil {
			err = os.Remove(path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			err = ErrNotFound
		}
		if err == nil {
			_ = os.Remove(m.Folder) // it stays while there is an entry in it
		}
		return secret.Value{}, err
	})
	return err
}

func (m Machine) path(name string) (string, error) {
	if !regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`).MatchString(name) {
		return "", ErrName
	}
	return filepath.Join(m.Folder, "entry-"+strings.ToLower(name)+".dpapi"), nil
}

// purpose binds what is sealed to its entry: a file under another name is none.
func purpose(name string) []byte {
	return []byte("backend-installer keyring " + strings.ToLower(name))
}

// Guarded judges who owns a file or folder, and its access list in SDDL: nil where
// nobody but the system, administrators and this account can read or change it.
// The owner can always change the list.
func Guarded(owner, me, list string) error {
	if !slices.Contains([]string{"S-1-5-18", "S-1-5-32-544", me}, owner) {
		return fmt.Errorf("%w: it belongs to %s", ErrExposed, owner)
	}
	parsed, err := access.Parse(list)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrExposed, err)
	}
	if who := append(parsed.Readers(), parsed.Changers()...); len(who) > 0 {
		return fmt.Errorf("%w: %s can", ErrExposed, strings.Join(slices.Compact(who), ", "))
	}
	return nil
}

func guard(path string) error {
	owner, me, list, err := guardOf(path)
	if err != nil {
		return err
	}
	return Guarded(owner, me, list)
}
