//go:build system && linux

package host_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/host"
)

func TestTheHostsOwnProgramsMakeAndRemoveAnAccount(t *testing.T) {
	if os.Getenv("EMPOWER_SYSTEM_BIN") == "" {
		t.Skip("it changes the host's accounts; run scripts/system, which does it in a throw-away machine")
	}
	h := host.OS{}
	const name = "tst-empower"
	u, made, err := h.AddUser(t.Context(), name)
	if err != nil || !made || u.Name != name || u.UID <= 0 || u.UID >= 1000 {
		t.Fatalf("got %+v, made %v and %v, want a new system account", u, made, err)
	}
	passwd, err := os.ReadFile("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(passwd), ":/nonexistent:/usr/sbin/nologin\n") {
		t.Error("got an account with a home or a login, want none")
	}
	if again, made, err := h.AddUser(t.Context(), name); err != nil || made || again != u {
		t.Errorf("again: got %+v, made %v and %v, want %+v, not made", again, made, err, u)
	}
	remove(t, h, name)
}

func remove(t *testing.T, h host.OS, name string) {
	t.Helper()
	for range 2 {
		if err := h.RemoveUser(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.Lookup(t.Context(), name); !errors.Is(err, host.ErrNoUser) {
		t.Errorf("got %v, want %v", err, host.ErrNoUser)
	}
	group, err := os.ReadFile("/etc/group")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(group), name) {
		t.Error("got a group that stayed, want none")
	}
}
