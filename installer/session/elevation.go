package session

import (
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/remedy"
)

// MayChange refuses, before anything is asked or read, a process that cannot change
// an installation. On Windows the state of the installer and the configuration are
// closed to everybody but the system and administrators, and a member of
// Administrators is none until a console was opened as one. State in another folder
// than the host's, and other systems, are left to what the account may do with the
// files: the flow finds out.
func (d Deps) MayChange() error {
	if d.Layout.GOOS != "windows" || d.Host.Elevated() || d.Store.Root != d.Layout.StateRoot() {
		return nil
	}
	return fault.New(fault.NotElevated, "this process has not the rights of an administrator; nothing was read or changed",
		remedy.For(d.Layout.GOOS).Elevated(""))
}
