//go:build !windows

package backend

import (
	"errors"
	"io"
)

// serveWindows is not reached: the flag is refused before.
func serveWindows([]string, options, io.Writer) error { return errors.ErrUnsupported }
