package pack_test

import (
	"runtime/debug"
	"testing"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

func stamped(modified string) *debug.BuildInfo {
	return &debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: someOrigin().Commit},
		{Key: "vcs.time", Value: "2026-11-26T10:30:14+01:00"},
		{Key: "vcs.modified", Value: modified},
	}}
}

func TestTheOriginIsTheCommit(t *testing.T) {
	got, err := pack.OriginOf("9.7.0", stamped("false"))
	if err != nil || got != someOrigin() {
		t.Errorf("got %+v, %v, want %+v", got, err, someOrigin())
	}
}

func TestAChangedTreeIsInTheVersion(t *testing.T) {
	got, err := pack.OriginOf("9.7.0", stamped("true"))
	if err != nil || got.Version != "9.7.0-dirty" || !got.Dirty {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWithoutACommitThereIsNoRelease(t *testing.T) {
	if got, err := pack.OriginOf("9.7.0", &debug.BuildInfo{}); err == nil {
		t.Errorf("got %+v, want an error", got)
	}
}
