package cli

import (
	"runtime"

	"github.com/empowersuite/backend-installer/installer/winpath"
)

// onThisHost refuses a share of the network for what a run must find again after a
// crash, before the network is there, and closed to everybody else.
func (a *app) onThisHost(flag, path string) error {
	if !winpath.OnShare(runtime.GOOS, path) {
		return nil
	}
	return usage(flag+" is on a network share: "+path,
		"name a folder on a disk of this host: a lock and an access control list on a share are what its server makes of them")
}
