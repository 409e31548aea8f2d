package preflight

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/empowersuite/backend-installer/installer/health"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/rollout"
)

// First is what a first installation needs of the host.
type First struct {
	Files     []string // which will be made
	Folders   []string // which will be made where they are missing
	Program   string   // folder with the program files; "" for none
	Services  []rollout.Found
	Prober    health.Prober
	FreeBytes func(path string) (uint64, error)
	Facts     host.Facts
	Proxies   Proxies
}

// minimumFreeBytes is kept beside what the program files take.
const minimumFreeBytes = 64 << 20

// CheckFirst looks at everything that a first installation needs. It writes
// nothing.
func CheckFirst(ctx context.Context, in First) Findings {
	var f Findings
	for _, path := range in.Files {
		if _, err := os.Lstat(path); err == nil {
			f.problem(path+" is there already and would be overwritten",
				"if it belongs to a backend that stands, register that with installer adopt FILE; else move the file away")
		}
	}
	for _, s := range in.Services {
		f.checkFirstService(ctx, s, in.Prober)
	}
	f.checkWindows(in.Facts, programIn(in.Program))
	f.checkProxies(in.Facts, in.Proxies, in.Services)
	need := f.checkProgram(in.Program)
	for _, path := range in.Folders {
		f.checkFolder(path, need, in.FreeBytes)
	}
	return f
}

func (f *Findings) checkFirstService(ctx context.Context, s rollout.Found, prober health.Prober) {
	if s.State.Exists && s.Manager != "command" {
		f.problem(fmt.Sprintf("a service %s exists already", s.Name),
			"if it is a backend that stands, register that with installer adopt FILE; else remove the service")
		return
	}
	if s.Running {
		f.problem(fmt.Sprintf("the service %s runs already", s.Name), "stop it first")
		return
	}
	if s.Check == nil {
		return
	}
	if answer, err := prober.Probe(ctx, *s.Check); err == nil && answer.Healthy {
		f.problem(fmt.Sprintf("something answers already where %s is to answer", s.Name),
			"stop it, or give the backend another address (services.listen)")
	}
}

// checkProgram returns what the program files take, in bytes.
func (f *Findings) checkProgram(folder string) uint64 {
	if folder == "" {
		return 0
	}
	var total uint64
	err := filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += uint64(info.Size()) //nolint:gosec // a file's size is not negative
		}
		return err
	})
	if err != nil {
		f.Problems = append(f.Problems, Problem{
			What:   fmt.Sprintf("the program files cannot be read: %v", err),
			Remedy: "name the folder with the backend's program files: --payload DIR",
			Rights: os.IsPermission(err),
		})
	}
	return total
}

// checkFolder looks at the nearest folder that is there.
func (f *Findings) checkFolder(path string, need uint64, free func(string) (uint64, error)) {
	at := path
	for {
		info, err := os.Stat(at)
		if err == nil && !info.IsDir() {
			f.problem(at+" is in the way: it is no folder", "move it away, or install under another --prefix")
			return
		}
		if err == nil || at == filepath.Dir(at) {
			break
		}
		at = filepath.Dir(at)
	}
	if left, err := free(at); err == nil && left < need+minimumFreeBytes {
		f.problem(fmt.Sprintf("%s has %d MiB left and the installation needs %d", at, left>>20, (need+minimumFreeBytes)>>20),
			"make space on that file system")
	}
}
