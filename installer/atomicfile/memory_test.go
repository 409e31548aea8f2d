package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// allocated is how many bytes a function asks for altogether.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAFileNeedsItsOwnSizeAndTheRestNextToNothing(t *testing.T) {
	const size, little = 32 << 20, 4 << 20
	for name, links := range map[string]int{"by rename": 1, "in place": 2} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			write(t, path, "", 0o600)
			if err := os.Truncate(path, size); err != nil {
				t.Fatal(err)
			}
			if links > 1 {
				if err := os.Link(path, path+"2"); err != nil {
					t.Fatal(err)
				}
			}
			var f atomicfile.File
			if got := allocated(func() { f = readOf(t, path, size) }); got > size+little {
				t.Errorf("reading took %d bytes of memory for %d", got, size)
			}
			fresh := make([]byte, size-1)
			fresh[0] = 'n'
			var p atomicfile.Pending
			got := allocated(func() {
				p = atomicfile.Plan(f, fresh, "run")
				err := p.Stage(f.Data, fresh)
				_, commitErr := p.Commit()
				_, stateErr := p.State()
				if err := errors.Join(err, commitErr, stateErr, p.Revert(), p.Clean()); err != nil {
					t.Fatal(err)
				}
			})
			t.Logf("replacing and putting back %d bytes took %d bytes of memory", size, got)
			if got > little {
				t.Errorf("replacing and putting back took %d bytes of memory", got)
			}
		})
	}
}

func readOf(t *testing.T, path string, limit int64) atomicfile.File {
	t.Helper()
	f, err := atomicfile.Read(path, limit)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFileThatIsBeingWrittenIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	content := make([]byte, 1<<20)
	write(t, path, string(content), 0o600)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		writeUntil(t, stop, path, content)
	}()
	refused := 0
	for end := time.Now().Add(10 * time.Second); refused == 0 && time.Now().Before(end); {
		f, err := atomicfile.Read(path, 1<<20)
		if errors.Is(err, atomicfile.ErrChanged) && f.Data == nil {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	close(stop)
	<-done
	if refused == 0 {
		t.Error("no read was refused under a writer without rest")
	}
}

func writeUntil(t *testing.T, stop chan struct{}, path string, content []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Error(err)
		return
	}
	defer file.Close() //nolint:errcheck // what it wrote is of no use
	for {
		if _, err := file.WriteAt(content, 0); err != nil {
			t.Error(err)
		}
		select {
		case <-stop:
			return
		default:
		}
	}
}
