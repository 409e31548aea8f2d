//go:build !windows

package term

import "os"

// given reports whether the program got a stream: Go opens /dev/null for one that
// it did not get.
func given(*os.File) bool { return true }
