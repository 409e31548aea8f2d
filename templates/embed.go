// Package templates is the release that the program carries: the empower
// Backend's configuration and units, as release.yaml describes them.
package templates

import (
	"embed"
	"io/fs"
)

//go:embed release.yaml *.tmpl
var files embed.FS

// Files are release.yaml and the templates that it names.
func Files() fs.FS { return files }
