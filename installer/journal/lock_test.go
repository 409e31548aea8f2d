package journal_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/journal"
)

func me() journal.Holder {
	return journal.Holder{PID: os.Getpid(), Host: "host", Run: "run-1", Since: noon()}
}

func TestALockThatIsHeldTellsByWhomAndSinceWhen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held, err := journal.Acquire(path, me())
	if err != nil {
		t.Fatal(err)
	}
	_, err = journal.Acquire(path, journal.Holder{PID: 2})
	var busy *journal.BusyError
	if !errors.As(err, &busy) || busy.Holder != me() {
		t.Fatalf("got %v, want the holder %+v", err, me())
	}
	if err := journal.Held(path); !errors.As(err, &busy) || busy.Holder != me() {
		t.Errorf("looked at: got %v, want the holder %+v", err, me())
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if err := journal.Held(path); err != nil {
		t.Errorf("looked at after the release: got %v, want nobody", err)
	}
	again, err := journal.Acquire(path, me())
	if err != nil {
		t.Fatalf("after the release: %v", err)
	}
	if err := again.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the removed lock is there: %v", err)
	}
	if err := journal.Held(path); err != nil {
		t.Errorf("looked at without a file: got %v, want nobody", err)
	}
}

// killed is a lock as a process that was killed leaves it.
func killed(t *testing.T, holder journal.Holder) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lock")
	lock, err := journal.Acquire(path, holder)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err := errors.Join(err, lock.Release(), os.WriteFile(path, text, 0o600)); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestALockThatTheSameKernelFreedIsTaken(t *testing.T) {
	dead := journal.Holder{PID: 7, Host: "node-7", Boot: "b7", Run: "run-7", Since: noon()}
	for name, me := range map[string]journal.Holder{
		"the same host":                        {PID: 1, Host: "node-7", Boot: "b7"},
		"the same host after a boot":           {PID: 1, Host: "node-7", Boot: "b8"},
		"another container on the same kernel": {PID: 1, Host: "c0ffee", Boot: "b7"},
	} {
		lock, err := journal.Acquire(killed(t, dead), me)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if lock.Died != dead {
			t.Errorf("%s: got %+v as the holder before", name, lock.Died)
		}
		if err := lock.Release(); err != nil {
			t.Error(err)
		}
	}
}

func TestALockThatAnotherHostDidNotFreeIsNotTakenOver(t *testing.T) {
	there := journal.Holder{PID: 7, Host: "node-7", Boot: "b7", Run: "run-7", Since: noon()}
	path := killed(t, there)
	var busy *journal.BusyError
	for range 2 {
		_, err := journal.Acquire(path, journal.Holder{PID: 1, Host: "node-8", Boot: "b8"})
		if !errors.As(err, &busy) || !busy.Elsewhere || busy.Holder != there {
			t.Errorf("got %v, want it left to node-7", err)
		}
	}
}

// TestHoldsALock is the other process of the test below.
func TestHoldsALock(t *testing.T) {
	path := os.Getenv("TEST_HOLDS_LOCK")
	if path == "" {
		t.Skip("runs only as another test's child")
	}
	lock, err := journal.Acquire(path, me())
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("held\n") //nolint:errcheck // the parent notices
	for {
		time.Sleep(time.Minute)
		runtime.KeepAlive(lock) // a collection would close its file, and free it
	}
}

func TestTheKernelFreesTheLockOfAKilledProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	child := exec.Command(os.Args[0], "-test.run=^TestHoldsALock$")
	child.Env = append(os.Environ(), "TEST_HOLDS_LOCK="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held\n" {
		t.Fatalf("the child said %q, %v", line, err)
	}
	var busy *journal.BusyError
	if _, err := journal.Acquire(path, me()); !errors.As(err, &busy) || busy.Holder.PID != child.Process.Pid {
		t.Errorf("got %v, want it held by %d", err, child.Process.Pid)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // killed: its status says so
	lock, err := journal.Acquire(path, me())
	if err != nil {
		t.Fatalf("after the kill: %v", err)
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
}
