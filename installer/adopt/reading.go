package adopt

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Bounds of what is looked at. State lies beside the configuration, and can be much.
const (
	maxDepth     = 4
	maxFiles     = 500
	maxEntries   = 5000
	maxFileBytes = 1 << 20
	maxAllBytes  = 16 << 20
)

// reading reads the configuration of an environment, and nothing else.
type reading struct {
	sources []detect.Source
	notes   []string
	entries int
	bytes   int
	err     error // the first that ends it
}

func (r *reading) note(format string, args ...any) {
	if said := fmt.Sprintf(format, args...); !slices.Contains(r.notes, said) {
		r.notes = append(r.notes, said)
	}
}

// folder reads the files of a folder whose format their names tell, and of those in
// it. Links to folders are not followed.
func (r *reading) folder(path string, origin detect.Origin, depth int) {
	entries, err := os.ReadDir(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || r.err != nil:
		return
	case err != nil:
		r.err = explain.Files(&site.FileError{Path: path, Cause: err})
		return
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if r.entries++; r.entries > maxEntries || len(r.sources) >= maxFiles || r.bytes > maxAllBytes {
			r.note("there is more in %s than is looked at", path)
			return
		}
		if e.IsDir() {
			r.deeper(name, origin, depth-1)
		} else if format, known := document.FormatOf(e.Name()); known && isConfiguration(e.Name()) {
			r.file(name, format, origin)
		}
	}
}

func (r *reading) deeper(path string, origin detect.Origin, depth int) {
	switch {
	case depth > 0:
		r.folder(path, origin, depth)
	case origin == detect.Configuration:
		r.note("%s lies deeper than is looked at", path)
	}
}

// isConfiguration leaves out what has the name of a format and is none: what .NET
// builds, the vendor's own file, and hidden files but .env.
func isConfiguration(name string) bool {
	name = strings.ToLower(name)
	for _, ending := range []string{".deps.json", ".runtimeconfig.json", ".staticwebassets.runtime.json", ".schema.json"} {
		if strings.HasSuffix(name, ending) {
			return false
		}
	}
	return name != detect.EnvironmentFile && (!strings.HasPrefix(name, ".") || strings.HasPrefix(name, ".env"))
}

func (r *reading) file(path string, format document.Format, origin detect.Origin) {
	if r.err != nil {
		return
	}
	data, note, err := readSmall(path)
	switch {
	case err != nil:
		r.err = err
	case note != "":
		r.notes = append(r.notes, note)
	case data != nil:
		r.bytes += len(data)
		r.sources = append(r.sources, detect.Source{Path: path, Format: format, Data: data, Origin: origin})
	}
}

// readSmall reads one file; nil where there is none. One that this account may not read
// is an error: without it the proposal would be another.
func readSmall(path string) (data []byte, note string, err error) {
	file, err := atomicfile.Read(path, maxFileBytes)
	switch {
	case err == nil && file.Data == nil:
		return []byte{}, "", nil
	case err == nil:
		return file.Data, "", nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, "", nil
	case errors.Is(err, fs.ErrPermission):
		return nil, "", explain.Files(&site.FileError{Path: path, Cause: err})
	}
	return nil, fmt.Sprintf("not looked at: %v", err), nil
}
