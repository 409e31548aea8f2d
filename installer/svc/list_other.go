//go:build !windows

package svc

// OfHost lists the services of this host's service manager; nil where none is
// known.
func OfHost() Lister {
	if Booted() {
		return Systemd(SystemdOptions{})
	}
	return nil
}
