package svc

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
	"unicode/utf16"

	"github.com/empowersuite/backend-installer/installer/proc"
)

// TaskOptions are for Tasks; the zero value is useful on Windows.
type TaskOptions struct {
	// Program is schtasks.exe; "" is that of the system's own folder.
	Program string
	// Folder takes a task's XML while it is registered. Who can write to it
	// could have anything run as the system; "" is the system's Temp, where
	// nobody changes the files of others.
	Folder string
	// Within bounds one call; 0 is 30 s.
	Within time.Duration
}

// TaskManager registers tasks of Windows's Task Scheduler through schtasks.exe,
// of which only the exit status counts. Under Wine that program does nothing
// and ends with 0.
type TaskManager struct{ options TaskOptions }

var _ Manager = (*TaskManager)(nil)

// Tasks makes a manager.
func Tasks(o TaskOptions) *TaskManager {
	if o.Program == "" {
		o.Program = schtasks()
	}
	if o.Folder == "" {
		o.Folder = systemTemp()
	}
	if o.Within == 0 {
		o.Within = 30 * time.Second
	}
	return &TaskManager{options: o}
}

// HasTasks reports whether this host has a Task Scheduler.
func HasTasks() bool { return schtasks() != "" }

// Inspect reports whether a task is there. One that may not be seen is not:
// schtasks ends with 1 for both.
func (m *TaskManager) Inspect(ctx context.Context, name string) (State, error) {
	status, err := m.run(ctx, "/Query", "/TN", name)
	if err != nil {
		return State{}, fmt.Errorf("inspect %q: %w", name, err)
	}
	s := State{Name: name, Exists: status == 0, Activity: Stopped}
	if s.Exists {
		s.Enablement = Enabled
	}
	return s, nil
}

// Start is ErrUnsupported: the triggers of a task start it.
func (*TaskManager) Start(_ context.Context, name string) error {
	return fmt.Errorf("start %q: %w", name, ErrUnsupported)
}

// Stop is ErrUnsupported.
func (*TaskManager) Stop(_ context.Context, name string) error {
	return fmt.Errorf("stop %q: %w", name, ErrUnsupported)
}

// Register makes or replaces a task, and looks whether it is there then.
func (m *TaskManager) Register(ctx context.Context, d Definition) error {
	if err := m.register(ctx, d); err != nil {
		return fmt.Errorf("register %q: %w", d.Name, err)
	}
	return nil
}

func (m *TaskManager) register(ctx context.Context, d Definition) error {
	if d.Name == "" {
		return ErrName
	}
	file, err := m.write(d.Unit)
	if err != nil {
		return err
	}
	status, err := m.run(ctx, "/Create", "/TN", d.Name, "/XML", file, "/F")
	err = errors.Join(err, os.Remove(file))
	switch {
	case err != nil:
		return err
	case status != 0:
		return fmt.Errorf("schtasks ended with status %d", status)
	}
	state, err := m.Inspect(ctx, d.Name)
	if err == nil && !state.Exists {
		err = ErrNotFound
	}
	return err
}

// Unregister removes a task. A recovery that a task started removes that very
// task.
func (m *TaskManager) Unregister(ctx context.Context, name string) error {
	state, err := m.Inspect(ctx, name)
	if err != nil || !state.Exists {
		return err
	}
	status, err := m.run(ctx, "/Delete", "/TN", name, "/F")
	if err == nil && status != 0 {
		err = fmt.Errorf("schtasks ended with status %d", status)
	}
	if err != nil {
		return fmt.Errorf("unregister %q: %w", name, err)
	}
	return nil
}

// write puts the XML into a file of its own, as schtasks reads it: UTF-16,
// little endian, with a byte order mark.
func (m *TaskManager) write(text []byte) (string, error) {
	file, err := os.CreateTemp(m.options.Folder, "empower-task-*.xml")
	if err != nil {
		return "", err
	}
	_, err = file.Write(inUTF16(text))
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return filepath.Clean(file.Name()), nil
}

func inUTF16(text []byte) []byte {
	var out bytes.Buffer
	for _, unit := range utf16.Encode([]rune("\ufeff" + string(text))) {
		out.Write(binary.LittleEndian.AppendUint16(nil, unit))
	}
	return out.Bytes()
}

func (m *TaskManager) run(ctx context.Context, args ...string) (int, error) {
	if m.options.Program == "" {
		return 0, fmt.Errorf("%w: this host has no schtasks.exe", ErrUnsupported)
	}
	limited, cancel := context.WithTimeout(ctx, m.options.Within)
	defer cancel()
	result, err := proc.Run(limited, proc.Command{Argv: append([]string{m.options.Program}, args...), MaxOutputBytes: 1})
	switch {
	case err != nil && ctx.Err() == nil && limited.Err() != nil:
		return 0, fmt.Errorf("schtasks did not end within %s", m.options.Within)
	case err != nil:
		return 0, denied(err)
	}
	return result.ExitCode, nil
}
