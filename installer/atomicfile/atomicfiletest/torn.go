package atomicfiletest

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// tornReads replaces for a second, under a reader that does not rest.
func tornReads(t *testing.T, b bench) {
	t.Helper()
	if !b.can.OpenFiles {
		return
	}
	versions := [2][]byte{bytes.Repeat([]byte("a"), 64<<10), bytes.Repeat([]byte("b"), 80<<10)}
	path := b.file(t, string(versions[0]))
	stop, done := make(chan struct{}), make(chan reads)
	go func() { done <- b.readUntil(stop, path, versions) }()
	end, writes := time.Now().Add(time.Second), 0
	for ; time.Now().Before(end); writes++ {
		p := stage(t, path, string(versions[(writes+1)%2]))
		commit(t, p, atomicfile.Rename, "")
		must(t, p.Clean())
	}
	close(stop)
	got := <-done
	if got.torn > 0 {
		t.Errorf("%d of %d reads got a mixture", got.torn, got.all)
	}
	if got.all < 10 || writes < 2 {
		t.Errorf("%d reads of %d replacements prove nothing", got.all, writes)
	}
	t.Logf("%d reads of %d replacements", got.all, writes)
}

type reads struct{ all, torn int }

func (b bench) readUntil(stop chan struct{}, path string, versions [2][]byte) reads {
	var r reads
	for {
		select {
		case <-stop:
			return r
		default:
		}
		got, err := os.ReadFile(path)
		gap := b.can.Gaps && errors.Is(err, fs.ErrNotExist)
		if !gap && (err != nil || !bytes.Equal(got, versions[0]) && !bytes.Equal(got, versions[1])) {
			r.torn++
		}
		r.all++
	}
}
