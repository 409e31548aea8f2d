package svc

import "time"

// For the tests of decisions that need no service manager.

// StateOf reads a unit's properties.
func StateOf(p map[string]any, name string) State { return properties(p).state(name) }

// UnitName completes and checks a name.
func UnitName(name string) (string, error) { return unitName(name) }

// Translate puts a sentinel before systemd's words.
func Translate(err error) error { return translate(err) }

// Refused is for a job that systemd did not take.
func Refused(what, err error) error { return refused(what, err) }

// SinceBoot reads the start of a process.
func SinceBoot(text []byte) (time.Duration, bool) { return sinceBoot(text) }

// BootTimeIn reads the boot time.
func BootTimeIn(text []byte) time.Time { return bootTimeIn(text) }

// Inherit joins variables.
func Inherit(own, host []string) []string { return inherit(own, host) }

// WithoutValues drops values.
func WithoutValues(assignments []string) []string { return withoutValues(assignments) }

// SplitCommandLine takes a service's command line of Windows apart.
func SplitCommandLine(line string, isFile func(string) bool) []string {
	return splitCommandLine(line, isFile)
}

// Expand replaces %NAME%.
func Expand(line string, getenv func(string) string) string { return expand(line, getenv) }

// ListedOf reads a unit's properties.
func ListedOf(p map[string]any, name string) Listed { return properties(p).listed(name) }
