package pack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Call is how the packager was called.
type Call struct {
	Args    []string
	Getenv  func(string) string
	Environ []string
	Out     io.Writer
}

var errUsage = errors.New("usage: dist release TOP FOLDER | dist sign RELEASE FOLDER")

// Main is the packager: "release TOP FOLDER" packs the clone in TOP, "sign RELEASE
// FOLDER" signs what a release has for Windows. FOLDER is made anew.
func Main(ctx context.Context, c Call) error {
	if len(c.Args) != 3 {
		return errUsage
	}
	from, err := filepath.Abs(c.Args[1])
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp(c.Getenv("TMPDIR"), "installer-dist-")
	if err != nil {
		return err
	}
	var files []File
	switch c.Args[0] {
	case "release":
		files, err = c.release(ctx, from, work)
	case "sign":
		files, err = c.sign(ctx, from, work)
	default:
		err = errUsage
	}
	if err == nil {
		err = Write(c.Args[2], files)
	}
	if err == nil {
		_, err = fmt.Fprintf(c.Out, "dist: %d files and %s in %s\n", len(files), sumsName, c.Args[2])
	}
	return errors.Join(err, os.RemoveAll(work))
}

func (c Call) release(ctx context.Context, top, work string) ([]File, error) {
	targets, err := ParseTargets(c.Getenv("DIST_TARGETS"))
	if err != nil {
		return nil, err
	}
	source := Source{Top: top, Environ: c.Environ, FreshCache: c.Getenv("DIST_FRESH_CACHE")}
	if source.FreshCache != "" {
		if source.Fresh, err = ParseTargets(c.Getenv("DIST_FRESH")); err != nil {
			return nil, err
		}
	}
	packer := Packer{Source: source, Targets: targets, Strict: c.Getenv("DIST_STRICT") != "", Work: work, Out: c.Out}
	return packer.Release(ctx)
}

func (c Call) sign(ctx context.Context, release, work string) ([]File, error) {
	signer, err := SignerFrom(c.Getenv)
	if err != nil {
		return nil, err
	}
	files, err := signer.Sign(ctx, work, release)
	for _, f := range files {
		_, _ = fmt.Fprintf(c.Out, "dist: made with signed programs: %s\n", f.Name) // nobody is left to be told
	}
	return files, err
}
