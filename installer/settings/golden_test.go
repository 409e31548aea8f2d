package settings_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/empowersuite/backend-installer/installer/settings"
)

// golden compares with a file; UPDATE=1 writes it.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is out of date: run make golden and read the difference", path)
	}
}

func TestTheEmbeddedFilesAreThoseOfTheTable(t *testing.T) {
	golden(t, "../../configs/answers.schema.json", settings.Schema())
	golden(t, "../../configs/answers.example.yaml", settings.Example())
}
