package pack

import (
	"fmt"
	"slices"
	"strings"
)

// Target is a system that the program is built for.
type Target struct{ OS, Arch string }

// Targets are all systems that a release is made for.
func Targets() []Target {
	return []Target{
		{"darwin", "amd64"},
		{"darwin", "arm64"},
		{"linux", "amd64"},
		{"linux", "arm64"},
		{"windows", "amd64"},
		{"windows", "arm64"},
	}
}

// ParseTargets reads "linux/amd64 windows/arm64"; nothing means all targets.
func ParseTargets(text string) ([]Target, error) {
	var targets []Target
	for name := range strings.FieldsSeq(text) {
		at := slices.IndexFunc(Targets(), func(t Target) bool { return t.String() == name })
		if at < 0 {
			return nil, fmt.Errorf("the target %q: there are %v", name, Targets())
		}
		targets = append(targets, Targets()[at])
	}
	if len(targets) == 0 {
		return Targets(), nil
	}
	return targets, nil
}

// String is as Go writes it: linux/amd64.
func (t Target) String() string { return t.OS + "/" + t.Arch }

// Program is the file name of the program.
func (t Target) Program() string {
	if t.OS == "windows" {
		return "installer.exe"
	}
	return "installer"
}

// Base is the name of the target's packages without their ending.
func (t Target) Base(version string) string {
	return "installer-" + version + "-" + t.OS + "-" + t.Arch
}
