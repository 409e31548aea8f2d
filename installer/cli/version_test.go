package cli_test

import (
	"io/fs"
	"testing"

	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/templates"
)

func TestTheVersionIsThatOfTheEmbeddedRelease(t *testing.T) {
	text, err := fs.ReadFile(templates.Files(), "release.yaml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := release.ParseManifest(text)
	if err != nil || m.Version != cli.Version {
		t.Errorf("the program says %q and its release %q, %v", cli.Version, m.Version, err)
	}
}
