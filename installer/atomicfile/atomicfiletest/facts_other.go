//go:build !linux

package atomicfiletest

import (
	"os"
	"testing"
)

func (b bench) decorate(t *testing.T, path string) {
	t.Helper()
	if b.can.Modes {
		must(t, os.Chmod(path, 0o640))
	}
	must(t, decorateSystem(path))
}

func facts(t *testing.T, path string) string {
	t.Helper()
	text, err := tryFacts(path)
	must(t, err)
	return text
}

func probeSystem(*testing.T, string, *Capabilities) {}

func fill(t *testing.T, _ string) {
	t.Helper()
	t.Fatal("no disk is filled on this system")
}

func isFull(error) bool { return false }
