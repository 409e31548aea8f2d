package svc

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/dbus"
)

// reread makes systemd read the units again where a file of this one changed
// since it did: an edit of a unit or of a drop-in is otherwise not part of the
// next start. systemd's own NeedDaemonReload looks for newer modification times
// only, and a file that was put back has its old one.
func (m *SystemdManager) reread(ctx context.Context, p properties) error {
	conn, err := m.bus(ctx)
	if err != nil {
		return err
	}
	if !property[bool](p, "NeedDaemonReload") {
		loaded := unitsLoaded(conn)
		changed := latestChange(p.files())
		if changed.Before(loaded) {
			return nil
		}
	}
	return translate(conn.ReloadContext(ctx))
}

// unitsLoaded is when systemd last read all units; the zero time where it does
// not tell (before version 250).
func unitsLoaded(conn *dbus.Conn) time.Time {
	text, err := conn.GetManagerProperty("UnitsLoadTimestamp")
	if err != nil {
		return time.Time{}
	}
	micros, err := strconv.ParseInt(strings.TrimPrefix(text, "@t "), 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMicro(micros)
}

// files are those that a unit is made of.
func (p properties) files() []string {
	files := property[[]string](p, "DropInPaths")
	for _, name := range []string{"FragmentPath", "SourcePath"} {
		if path := property[string](p, name); path != "" {
			files = append(files, path)
		}
	}
	return files
}
