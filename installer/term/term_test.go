package term_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/empowersuite/backend-installer/installer/term"
)

func TestOnlyATerminalIsOne(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() }) // nothing was written
	for name, stream := range map[string]any{"a buffer": &bytes.Buffer{}, "a file": file, "nothing": nil} {
		if term.IsTerminal(stream) {
			t.Errorf("%s passes for a terminal", name)
		}
	}
	s := term.IO{In: file, Out: &bytes.Buffer{}, Err: file}
	if s.Interactive() || s.Colours() {
		t.Error("files pass for somebody to ask")
	}
}
