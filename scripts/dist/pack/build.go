package pack

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

const mainPackage = "./cmd/installer"

// Source is a clone of the repository.
type Source struct {
	Top     string // its folder
	Environ []string
	// Fresh are targets that are compiled with this empty cache, where it is not "".
	Fresh      []Target
	FreshCache string
}

// Origin is what a program was built from.
type Origin struct {
	Version string // of the release, with -dirty where files were changed since
	Commit  string
	Time    time.Time // of the commit
	Dirty   bool
}

// Build makes the program for a target.
func (s Source) Build(ctx context.Context, target Target, out string) error {
	environ := append(s.environ(), "GOOS="+target.OS, "GOARCH="+target.Arch)
	for _, fresh := range s.Fresh {
		if fresh == target && s.FreshCache != "" {
			environ = append(environ, "GOCACHE="+s.FreshCache)
		}
	}
	_, err := s.run(ctx, environ, "go", "build", "-trimpath", "-buildvcs=true", "-ldflags=-s -w", "-o", out, mainPackage)
	if err != nil {
		return fmt.Errorf("build for %s: %w", target, err)
	}
	return nil
}

// environ leaves nothing to the user's settings that changes the program. The
// repository may belong to somebody else, as it does in containers of CI; who
// builds it has trusted it.
func (s Source) environ() []string {
	return append(s.Environ[:len(s.Environ):len(s.Environ)],
		"CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=-mod=readonly", "GOEXPERIMENT=", "GOFIPS140=off", "GOAMD64=v1", "GOARM64=v8.0",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*")
}

// run returns what a program printed; its error holds what it complained of.
func (s Source) run(ctx context.Context, environ []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = s.Top, environ
	return output(cmd)
}

func output(cmd *exec.Cmd) ([]byte, error) {
	var out, problem bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problem
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %s", filepath.Base(cmd.Path), err, strings.TrimSpace(problem.String()))
	}
	return out.Bytes(), nil
}

// host is the system that this program runs on.
func host() Target { return Target{runtime.GOOS, runtime.GOARCH} }

// askOrigin takes the version from the program itself, and the rest from what
// Go stamped into it.
func (s Source) askOrigin(ctx context.Context, program string) (Origin, error) {
	text, err := s.run(ctx, s.Environ, program, "version", "--output", "json")
	if err != nil {
		return Origin{}, err
	}
	var told struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(text, &told); err != nil {
		return Origin{}, fmt.Errorf("read the version: %w", err)
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return Origin{}, err
	}
	return OriginOf(told.Version, info)
}

// OriginOf reads what Go stamped into a program; a release needs all of it.
func OriginOf(version string, info *debug.BuildInfo) (Origin, error) {
	origin := Origin{Version: version}
	for _, setting := range info.Settings {
		switch setting.Key {
		case "vcs.revision":
			origin.Commit = setting.Value
		case "vcs.modified":
			origin.Dirty = setting.Value == "true"
		case "vcs.time":
			at, err := time.Parse(time.RFC3339, setting.Value)
			if err != nil {
				return Origin{}, fmt.Errorf("the time of the commit: %w", err)
			}
			origin.Time = at.UTC()
		}
	}
	if version == "" || origin.Commit == "" || origin.Time.IsZero() {
		return Origin{}, fmt.Errorf("version %q, commit %q, time %v: packages are made from a clone with at least one commit", version, origin.Commit, origin.Time)
	}
	if origin.Dirty {
		origin.Version += "-dirty"
	}
	return origin, nil
}
