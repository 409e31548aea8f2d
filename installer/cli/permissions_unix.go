//go:build unix

package cli

// permissionsMatter reports whether a file's mode tells who may read it.
func permissionsMatter() bool { return true }
