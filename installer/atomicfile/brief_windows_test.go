package atomicfile_test

import (
	"os"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
)

// A virus scanner holds what is new for a moment.
func TestWhatIsHeldForAMomentIsWaitedFor(t *testing.T) {
	options := atomicfile.Options{UID: -1, GID: -1}
	for name, act := range map[string]func(path string) error{
		"to read":    func(path string) error { _, err := atomicfile.Read(path, most); return err },
		"to remove":  atomicfile.Remove,
		"to replace": func(path string) error { return atomicfile.Create(path, []byte("new"), options) },
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t)
			holder := hold(t, path, 0)
			released := make(chan error, 1)
			go func() {
				<-time.After(200 * time.Millisecond)
				released <- holder.Close()
			}()
			if err := act(path); err != nil {
				t.Error(err)
			}
			if err := <-released; err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAMissingFileThatIsPutBackIsWaitedFor(t *testing.T) {
	path := file(t)
	p := pending(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	holder := hold(t, p.Backup, shareRead)
	go func() {
		<-time.After(200 * time.Millisecond)
		_ = holder.Close()
	}()
	if err := p.Revert(); err != nil || text(t, path) != "old" {
		t.Error(err)
	}
}
