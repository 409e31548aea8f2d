package svc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

const (
	unitFolder = "/etc/systemd/system"
	unitMode   = 0o644
)

// Register writes the unit file, enables it where that is asked for, and makes
// systemd read it.
func (m *SystemdManager) Register(ctx context.Context, d Definition) error {
	if err := m.register(ctx, d); err != nil {
		return fmt.Errorf("register %q: %w", d.Name, denied(err))
	}
	return nil
}

func (m *SystemdManager) register(ctx context.Context, d Definition) error {
	unit, err := unitName(d.Name)
	if err != nil {
		return err
	}
	if len(d.Unit) == 0 {
		return errors.New("the unit file has no text")
	}
	p, err := m.properties(ctx, d.Name)
	if err != nil {
		return err
	}
	if p.masked() {
		return ErrMasked
	}
	path := filepath.Join(m.folder, unit)
	if err := atomicfile.Create(path, d.Unit, atomicfile.Options{Mode: unitMode, UID: -1, GID: -1}); err != nil {
		return err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return err
	}
	if d.Enable {
		if _, _, err := conn.EnableUnitFilesContext(ctx, []string{unit}, false, false); err != nil {
			return errors.Join(translate(err), translate(conn.ReloadContext(ctx)))
		}
	}
	return translate(conn.ReloadContext(ctx))
}

// Unregister disables the unit, removes the file that Register wrote, and
// makes systemd forget it. A unit file elsewhere, or a mask, stays.
func (m *SystemdManager) Unregister(ctx context.Context, name string) error {
	if err := m.unregister(ctx, name); err != nil {
		return fmt.Errorf("unregister %q: %w", name, denied(err))
	}
	return nil
}

func (m *SystemdManager) unregister(ctx context.Context, name string) error {
	unit, err := unitName(name)
	if err != nil {
		return err
	}
	path := filepath.Join(m.folder, unit)
	if err := atomicfile.Sweep(path); err != nil {
		return err
	}
	info, err := os.Lstat(path)
	if errors.Is(err, os.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil
	}
	if err != nil {
		return err
	}
	conn, err := m.bus(ctx)
	if err != nil {
		return err
	}
	if _, err := conn.DisableUnitFilesContext(ctx, []string{unit}, false); err != nil {
		return translate(err)
	}
	if err := atomicfile.Remove(path); err != nil {
		return err
	}
	if err := conn.ReloadContext(ctx); err != nil {
		return translate(err)
	}
	return m.forgive(ctx, name)
}
