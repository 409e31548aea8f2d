//go:build faults && linux && amd64

package tracer_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/scripts/tracer"
)

// TestMain makes this test's binary the program that is traced.
func TestMain(m *testing.M) {
	if folder := os.Getenv("TEST_TRACED"); folder != "" {
		os.Exit(traced(folder))
	}
	os.Exit(m.Run())
}

// traced replaces a file, with a second thread and another program at work.
func traced(folder string) int {
	var other sync.WaitGroup
	other.Go(func() { _ = exec.Command("/bin/sh", "-c", "echo other >"+filepath.Join(folder, "other")).Run() })
	other.Wait()
	temp, path := filepath.Join(folder, "temp"), filepath.Join(folder, "file")
	file, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return 3
	}
	_, err = file.WriteString("0123456789")
	if err := errors.Join(err, file.Sync(), file.Close(), os.Rename(temp, path)); err != nil {
		fmt.Println(err) //nolint:forbidigo // this is a program of its own
		return 4
	}
	return 0
}

// watcher keeps the calls, and has one fault for the call of a name.
type watcher struct {
	at    string
	fault tracer.Fault
	seen  []tracer.Call
}

func (w *watcher) Enter(c *tracer.Call) tracer.Fault {
	if c.Name == w.at {
		return w.fault
	}
	return tracer.Fault{}
}

func (w *watcher) Leave(c *tracer.Call) { w.seen = append(w.seen, *c) }

// run traces the program in a folder.
func run(t *testing.T, folder string, w *watcher) tracer.Outcome {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close() //nolint:errcheck // a test's file
	outcome, err := tracer.Run(tracer.Command{
		Argv: []string{program}, Env: []string{"TEST_TRACED=" + folder, "PATH=/usr/bin:/bin"}, Dir: folder,
		Stdout: out, Stderr: out, Limit: time.Minute,
	}, w)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

func content(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryCallThatWritesIsSeenInOrderAndNoOther(t *testing.T) {
	folder := t.TempDir()
	w := &watcher{}
	if o := run(t, folder, w); o.Exit != 0 || o.Killed {
		t.Fatalf("got %+v", o)
	}
	var names []string
	for _, c := range w.seen {
		names = append(names, c.Name)
	}
	if got := strings.Join(names, " "); got != "openat write fsync renameat" {
		t.Errorf("got %q", got)
	}
	if content(t, filepath.Join(folder, "other")) != "other\n" {
		t.Error("the program that was started did not work as ever")
	}
}

func TestACallIsSeenWithWhatItIsAbout(t *testing.T) {
	folder := t.TempDir()
	w := &watcher{}
	run(t, folder, w)
	temp, path := filepath.Join(folder, "temp"), filepath.Join(folder, "file")
	for i, want := range []string{
		"1 openat " + temp, "2 write " + temp + " 10 bytes", "3 fsync " + temp, "4 renameat " + temp + " -> " + path + " = 0",
	} {
		if got := w.seen[i].String(); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if made := w.seen[0]; made.Inode != 0 || made.Made != w.seen[1].Inode || made.Mode != 0o640 || made.FD != -1 {
		t.Errorf("got %+v", made)
	}
	if written := w.seen[1]; string(written.Data) != "0123456789" || written.Offset != 0 || written.Result != 10 || written.Inode == 0 {
		t.Errorf("got %+v", written)
	}
}

func TestAProgramIsKilledWhereTheFaultSays(t *testing.T) {
	for _, c := range []struct {
		at         string
		act        tracer.Act
		temp, file string
	}{
		{"write", tracer.KillBefore, "", ""},
		{"write", tracer.Torn, "01234", ""},
		{"write", tracer.KillAfter, "0123456789", ""},
		{"renameat", tracer.KillBefore, "0123456789", ""},
		{"renameat", tracer.KillAfter, "", "0123456789"},
	} {
		folder := t.TempDir()
		if o := run(t, folder, &watcher{at: c.at, fault: tracer.Fault{Act: c.act}}); o.Exit != -1 || !o.Killed {
			t.Errorf("%s, %d: got %+v", c.at, c.act, o)
		}
		temp, file := content(t, filepath.Join(folder, "temp")), content(t, filepath.Join(folder, "file"))
		if temp != c.temp || file != c.file {
			t.Errorf("%s, %d: got %q and %q", c.at, c.act, temp, file)
		}
	}
}

func TestACallFailsWithTheErrorOfTheFaultAndIsNotMade(t *testing.T) {
	for at, want := range map[string]int{"openat": 3, "write": 4, "fsync": 4, "renameat": 4} {
		folder := t.TempDir()
		w := &watcher{at: at, fault: tracer.Fault{Act: tracer.Fail, Errno: syscall.EIO}}
		if o := run(t, folder, w); o.Exit != want || o.Killed {
			t.Errorf("%s: got %+v, want exit status %d", at, o, want)
		}
		failed := func(c tracer.Call) bool { return c.Name == at && c.Errno == syscall.EIO }
		if !slices.ContainsFunc(w.seen, failed) {
			t.Errorf("%s: no call failed among %v", at, w.seen)
		}
		if at == "renameat" && content(t, filepath.Join(folder, "file")) != "" {
			t.Error("the rename was made")
		}
	}
}

func TestAShortWriteIsFollowedByTheRest(t *testing.T) {
	folder := t.TempDir()
	w := &watcher{at: "write", fault: tracer.Fault{Act: tracer.Short}}
	if o := run(t, folder, w); o.Exit != 0 || content(t, filepath.Join(folder, "file")) != "0123456789" {
		t.Errorf("got %+v", o)
	}
	var sizes []int64
	for _, c := range w.seen {
		if c.Name == "write" {
			sizes = append(sizes, c.Result)
		}
	}
	if !slices.Equal(sizes, []int64{5, 2, 1, 1, 1}) {
		t.Errorf("got %d", sizes)
	}
}

func TestAProgramThatDoesNotEndIsKilledAtItsLimit(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close() //nolint:errcheck // a test's file
	outcome, err := tracer.Run(tracer.Command{
		Argv: []string{"/bin/sh", "-c", "while :; do :; done"}, Stdout: out, Stderr: out, Limit: 50 * time.Millisecond,
	}, &watcher{})
	if err != nil || outcome.Exit != -1 || !outcome.Overdue {
		t.Errorf("got %+v, %v", outcome, err)
	}
}
