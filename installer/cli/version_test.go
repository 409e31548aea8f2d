package cli_test

import (
	"io/fs"
	"runtime/debug"
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

func TestTheCommitSaysWhetherFilesWereChanged(t *testing.T) {
	const hash = "0123456789abcdef0123456789abcdef01234567"
	revision := debug.BuildSetting{Key: "vcs.revision", Value: hash}
	for name, test := range map[string]struct {
		info *debug.BuildInfo
		want string
	}{
		"no information": {nil, ""},
		"no repository":  {&debug.BuildInfo{}, ""},
		"a commit":       {&debug.BuildInfo{Settings: []debug.BuildSetting{revision, {Key: "vcs.modified", Value: "false"}}}, hash},
		"changed since":  {&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.modified", Value: "true"}, revision}}, hash + "+dirty"},
		"not committed":  {&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.modified", Value: "true"}}}, ""},
	} {
		if got := cli.Commit(test.info); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}
