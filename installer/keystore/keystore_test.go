package keystore_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/keystore"
	"github.com/empowersuite/backend-installer/installer/keystore/keystoretest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func TestMemoryKeepsTheContract(t *testing.T) { keystoretest.Run(t, &keystoretest.Memory{}) }

// TestTheSecretServiceKeepsTheContract runs itself again on a private bus with
// an unlocked keyring.
func TestTheSecretServiceKeepsTheContract(t *testing.T) {
	if os.Getenv("TEST_SECRET_SERVICE") != "" {
		keystoretest.Run(t, keystore.OS{})
		return
	}
	for _, program := range []string{"gnome-keyring-daemon", "dbus-run-session"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed: apt-get install gnome-keyring dbus", program)
		}
	}
	cmd := exec.CommandContext(t.Context(), "../../scripts/secret-service", os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), "TEST_SECRET_SERVICE=1")
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestWithoutABusTheStoreIsUnusableWithinSeconds(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems have their store without a bus")
	}
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	began := time.Now()
	for _, err := range []error{
		keystore.OS{}.Set(t.Context(), "name", secret.New("TST8Q~not-a-real-secret")),
		keystore.OS{}.Delete(t.Context(), "name"),
	} {
		if !errors.Is(err, keystore.ErrUnusable) || strings.Contains(err.Error(), "TST8Q") {
			t.Errorf("got %v, want ErrUnusable", err)
		}
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("took %s", took)
	}
}

// A bus that takes the connection and never answers: a session that hangs, or
// one that waits for a person to unlock the keyring.
func TestABusThatDoesNotAnswerIsLeftAfterSeconds(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("other systems have their store without a bus")
	}
	path := filepath.Join(t.TempDir(), "bus")
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+path)

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := (keystore.OS{}).Get(ctx, "name"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's end", err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the context's end took %s", took)
	}
	began = time.Now()
	if _, err := (keystore.OS{}).Get(t.Context(), "name"); !errors.Is(err, keystore.ErrUnusable) {
		t.Errorf("got %v, want ErrUnusable", err)
	}
	if took := time.Since(began); took < 2*time.Second || took > 5*time.Second {
		t.Errorf("took %s, want 3s", took)
	}
}

func TestAStoreThatFailsSaysSoForEveryCall(t *testing.T) {
	store := &keystoretest.Memory{Err: keystore.ErrUnusable}
	_, read := store.Get(t.Context(), "name")
	for _, err := range []error{read, store.Set(t.Context(), "name", secret.New("x")), store.Delete(t.Context(), "name")} {
		if !errors.Is(err, keystore.ErrUnusable) {
			t.Errorf("got %v", err)
		}
	}
}
