package cli

import (
	"io/fs"

	"github.com/empowersuite/backend-installer/installer/access"
	"github.com/empowersuite/backend-installer/installer/host"
)

// guardOf is the guard of a file, which Windows tells by its name.
func guardOf(host host.Guards, path string, _ fs.FileInfo) (access.Guard, error) {
	return host.Guard(path)
}
