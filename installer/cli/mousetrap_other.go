//go:build !windows

package cli

// noMousetrap is about Windows.
func noMousetrap() {}
