//go:build !windows

package term

import "os"

// given reports whether the program got a stream: Go opens /dev/null for one that
// it did not get.
func given(*os.File) bool { return true }

// colours reports whether a terminal shows colours.
func colours(*os.File) bool { return true }

// inServicesSession is about Windows.
func inServicesSession() bool { return false }

// Processes is how many processes share the console; 0 where there is none, and
// where the system does not count them.
func Processes() int { return 0 }
