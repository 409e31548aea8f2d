package step

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/host"
)

// MakeUser makes the account that the services run as.
type MakeUser struct {
	Name     string `json:"name"`
	WasThere bool   `json:"wasThere"`

	Host host.Host `json:"-"`
}

// Do makes the account.
func (m *MakeUser) Do(ctx context.Context) error {
	_, _, err := m.Host.AddUser(ctx, m.Name)
	return err
}

// Undo removes an account that was not there before.
func (m *MakeUser) Undo(ctx context.Context) error {
	if m.WasThere {
		return nil
	}
	return m.Host.RemoveUser(ctx, m.Name)
}

// Owner names who a made file or folder is for. An empty Owner leaves it to the
// account that runs the program; Root keeps the user and sets only the group, so
// that a service may read what it must not write. Windows grants accounts rights
// instead, and may do so for several.
type Owner struct {
	User string   `json:"user,omitempty"`
	Also []string `json:"also,omitempty"` // further accounts, on Windows
	Root bool     `json:"root,omitempty"`
}

// find looks the owner up; without one it is nobody in particular.
func (o Owner) find(ctx context.Context, accounts host.Accounts) (host.User, error) {
	if o.User == "" {
		return host.User{UID: -1, GID: -1}, nil
	}
	u, err := accounts.Lookup(ctx, o.User)
	if err != nil {
		return u, fmt.Errorf("look up the owner %q: %w", o.User, err)
	}
	if o.Root && u.SID == "" {
		u.UID = 0
	}
	return u, nil
}

// access is the list of what the accounts get on Windows; "" on other systems and
// where the owner is nobody in particular.
func (o Owner) access(ctx context.Context, folder bool, accounts host.Accounts) (string, error) {
	rights := access.Change
	if o.Root {
		rights = access.Read
	}
	var grants []access.Grant
	for _, name := range append([]string{o.User}, o.Also...) {
		u, err := Owner{User: name}.find(ctx, accounts)
		if err != nil {
			return "", err
		}
		if u.SID != "" {
			grants = append(grants, access.Grant{SID: u.SID, Rights: rights})
		}
	}
	if len(grants) == 0 {
		return "", nil
	}
	return access.List(folder, grants...), nil
}

// MakeFolder makes a folder. Missing lists, outermost first, what was not
// there before.
type MakeFolder struct {
	Path    string      `json:"path"`
	Mode    fs.FileMode `json:"mode"`
	Owner   Owner       `json:"owner"`
	Missing []string    `json:"missing"`

	Host host.Host `json:"-"`
}

// MissingFolders lists, outermost first, a path and its parents as far as they
// are not there.
func MissingFolders(path string) []string {
	var missing []string
	for dir := filepath.Clean(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			return missing
		}
		missing = append([]string{dir}, missing...)
	}
}

// Do makes the folder and the parents that are missing. One that is there is
// left as it is.
func (m *MakeFolder) Do(ctx context.Context) error {
	u, err := m.Owner.find(ctx, m.Host)
	if err != nil {
		return err
	}
	folder := host.Folder{Path: m.Path, Mode: m.Mode, UID: u.UID, GID: u.GID}
	if m.Mode&0o004 == 0 {
		if folder.Access, err = m.Owner.access(ctx, true, m.Host); err != nil {
			return err
		}
	}
	made, err := m.Host.MakeFolder(folder)
	return errors.Join(err, atomicfile.FlushNames(made...))
}

// Undo removes what was missing, innermost first. A folder that holds
// something else by now stays, and so do its parents.
func (m *MakeFolder) Undo(context.Context) error {
	for _, path := range slices.Backward(m.Missing) {
		err := m.Host.RemoveEmptyFolder(path)
		if errors.Is(err, host.ErrNotEmpty) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// WriteFile makes a new file. Its content may hold a secret and is not
// journaled.
type WriteFile struct {
	Path  string      `json:"path"`
	Mode  fs.FileMode `json:"mode"`
	Owner Owner       `json:"owner"`

	Content []byte    `json:"-"`
	Host    host.Host `json:"-"`
}

// Do writes the file.
func (w *WriteFile) Do(ctx context.Context) error {
	u, err := w.Owner.find(ctx, w.Host)
	if err != nil {
		return err
	}
	list, err := w.Owner.access(ctx, false, w.Host)
	if err != nil {
		return err
	}
	return atomicfile.Create(w.Path, w.Content, atomicfile.Options{Mode: w.Mode, UID: u.UID, GID: u.GID, Access: list})
}

// Undo removes the file: the flow made sure that it was not there before.
func (w *WriteFile) Undo(context.Context) error {
	return errors.Join(atomicfile.Sweep(w.Path), atomicfile.Remove(w.Path))
}
