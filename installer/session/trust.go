package session

import (
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Trust refuses state that people whom nobody chose can change: a description says
// which programs are run, and a journal which files are put back. Below %ProgramData%
// everybody may make a folder, and own what is made in it. The error is a
// *fault.Error; what cannot be looked at is left to who reads it.
func (d Deps) Trust(folder site.Folder) error {
	for _, path := range []string{d.Store.Root, folder.Path} {
		guard, err := d.Host.Guard(path)
		if err != nil {
			continue
		}
		if who, err := guard.Changers(); err == nil && len(who) > 0 {
			return explain.Untrusted(path, who)
		}
	}
	return nil
}
