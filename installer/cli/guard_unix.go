//go:build unix

package cli

import (
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/host"
)

// guardOf is the guard of a file that is open.
func guardOf(_ host.Guards, _ string, info fs.FileInfo) (access.Guard, error) {
	return access.GuardOf(info.Mode()), nil
}
