package host_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/host"
)

// nobodyHas is a name that no host of this test has.
const nobodyHas = "tst-no-such-user"

// withPrograms is a host whose programs are these shell scripts. Each writes
// its arguments to the log.
func withPrograms(t *testing.T, scripts map[string]string) (h host.OS, log string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of this test need /bin/sh")
	}
	folder := t.TempDir()
	log = filepath.Join(folder, "log")
	for name, script := range scripts {
		text := fmt.Sprintf("#!/bin/sh\necho %s \"$@\" >>%q\n%s\n", name, log, script)
		write(t, filepath.Join(folder, name), text, 0o755)
	}
	return host.OS{ProgramFolders: []string{folder}}, log
}

func called(t *testing.T, log string) string {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func TestLookupFindsWhoRunsThis(t *testing.T) {
	me, err := user.Current()
	if err != nil {
		t.Skipf("the process has no account: %v", err)
	}
	u, err := host.OS{}.Lookup(t.Context(), me.Username)
	if err != nil || u.Name != me.Username {
		t.Errorf("got %+v and %v, want %q", u, err, me.Username)
	}
	if runtime.GOOS != "windows" && u.UID != os.Getuid() {
		t.Errorf("got user ID %d, want %d", u.UID, os.Getuid())
	}
}

func TestLookupAsksTheDirectoryServices(t *testing.T) {
	h, log := withPrograms(t, map[string]string{"getent": "echo 'tst-no-such-user:*:70001:70002:Full Name:/home/x:/bin/sh'"})
	u, err := h.Lookup(t.Context(), nobodyHas)
	if want := (host.User{Name: nobodyHas, UID: 70001, GID: 70002}); err != nil || u != want {
		t.Errorf("got %+v and %v, want %+v", u, err, want)
	}
	if got, want := called(t, log), "getent passwd "+nobodyHas; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLookupReportsNoSuchAccount(t *testing.T) {
	for name, script := range map[string]string{
		"said so": "exit 2", "nothing said": "exit 0", "another": "echo other:x:1:1::/:/bin/sh",
		"broken": "echo tst-no-such-user:x:one:1::/:/bin/sh", "short": "echo tst-no-such-user:x:1:1",
	} {
		h, _ := withPrograms(t, map[string]string{"getent": script})
		if u, err := h.Lookup(t.Context(), nobodyHas); !errors.Is(err, host.ErrNoUser) {
			t.Errorf("%s: got %+v and %v, want %v", name, u, err, host.ErrNoUser)
		}
	}
	h, _ := withPrograms(t, nil)
	if _, err := h.Lookup(t.Context(), nobodyHas); !errors.Is(err, host.ErrNoUser) {
		t.Errorf("no getent: got %v, want %v", err, host.ErrNoUser)
	}
}

func TestLookupNeverHandsAnOptionOrAnIDToAProgram(t *testing.T) {
	h, log := withPrograms(t, map[string]string{"getent": "echo root:x:0:0::/:/bin/sh"})
	for _, name := range []string{"", "--service=files", "4242421"} {
		if u, err := h.Lookup(t.Context(), name); !errors.Is(err, host.ErrNoUser) {
			t.Errorf("%q: got %+v and %v, want %v", name, u, err, host.ErrNoUser)
		}
	}
	if got := called(t, log); got != "" {
		t.Errorf("got %q, want no call", got)
	}
}

func TestLookupTellsTroubleFromAbsence(t *testing.T) {
	h, _ := withPrograms(t, map[string]string{"getent": "exit 3"})
	_, err := h.Lookup(t.Context(), nobodyHas)
	if err == nil || errors.Is(err, host.ErrNoUser) || !strings.Contains(err.Error(), "status 3") {
		t.Errorf("got %v, want the status", err)
	}
	h, _ = withPrograms(t, map[string]string{"getent": "exec sleep 60"})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := h.Lookup(ctx, nobodyHas); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

// accountPrograms are programs that keep accounts in a file.
func accountPrograms() map[string]string {
	return map[string]string{
		"getent":  `test -f "$0.db" && echo "$2:*:998:997::/nonexistent:/usr/sbin/nologin" || exit 2`,
		"useradd": `: >"${0%useradd}getent.db"`,
		"userdel": `test -f "${0%userdel}getent.db" || exit 6; rm "${0%userdel}getent.db"`,
	}
}

func TestAddUserMakesASystemAccountOnce(t *testing.T) {
	h, log := withPrograms(t, accountPrograms())
	want := host.User{Name: nobodyHas, UID: 998, GID: 997}
	for _, wantMade := range []bool{true, false} {
		u, made, err := h.AddUser(t.Context(), nobodyHas)
		if err != nil || u != want || made != wantMade {
			t.Errorf("got %+v, made %v and %v, want %+v, made %v", u, made, err, want, wantMade)
		}
	}
	const call = "useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin --user-group " + nobodyHas
	if got := called(t, log); strings.Count(got, call) != 1 || strings.Count(got, "useradd") != 1 {
		t.Errorf("got\n%s\nwant once\n%s", got, call)
	}
	for range 2 { // no account is a no-op
		if err := h.RemoveUser(t.Context(), nobodyHas); err != nil {
			t.Error(err)
		}
	}
	if _, err := h.Lookup(t.Context(), nobodyHas); !errors.Is(err, host.ErrNoUser) {
		t.Errorf("got %v, want %v", err, host.ErrNoUser)
	}
}

func TestAddUserTakesAGroupThatIsThere(t *testing.T) {
	if _, err := user.LookupGroup("nogroup"); err != nil {
		t.Skip("this host has no group nogroup")
	}
	if _, err := user.Lookup("nogroup"); err == nil {
		t.Skip("this host has an account nogroup")
	}
	h, log := withPrograms(t, accountPrograms())
	if _, made, err := h.AddUser(t.Context(), "nogroup"); err != nil || !made {
		t.Errorf("got made %v and %v, want made", made, err)
	}
	if got := called(t, log); !strings.Contains(got, "--gid nogroup nogroup") {
		t.Errorf("got %q, want the group to be taken", got)
	}
}

func TestAddUserRefusesWhatIsNoName(t *testing.T) {
	h, log := withPrograms(t, map[string]string{"useradd": "", "userdel": "", "getent": "exit 2"})
	for _, name := range []string{"", "-r", "Upper Case", "a:b", "1st", "..", strings.Repeat("n", 33), "new\nline"} {
		if _, _, err := h.AddUser(t.Context(), name); !errors.Is(err, host.ErrUserName) {
			t.Errorf("add %q: got %v, want %v", name, err, host.ErrUserName)
		}
		if err := h.RemoveUser(t.Context(), name); !errors.Is(err, host.ErrUserName) {
			t.Errorf("remove %q: got %v, want %v", name, err, host.ErrUserName)
		}
	}
	if got := called(t, log); strings.Contains(got, "useradd") || strings.Contains(got, "userdel") {
		t.Errorf("got %q, want no call", got)
	}
}

func TestAccountsTellTheStatusOfAProgramThatRefused(t *testing.T) {
	h, _ := withPrograms(t, map[string]string{
		"getent": "exit 2", "useradd": "echo not-to-be-seen; exit 1", "userdel": "echo not-to-be-seen; exit 8",
	})
	_, made, added := h.AddUser(t.Context(), nobodyHas)
	if made {
		t.Error("got made, want not")
	}
	removed := h.RemoveUser(t.Context(), nobodyHas)
	for want, err := range map[string]error{"useradd ended with status 1": added, "userdel ended with status 8": removed} {
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "not-to-be-seen") {
			t.Errorf("got %v, want %q and no output", err, want)
		}
	}
}

func TestAddUserThatSomebodyElseMadeMeanwhileIsNotMadeByUs(t *testing.T) {
	programs := accountPrograms()
	programs["useradd"] += "\nexit 9"
	h, _ := withPrograms(t, programs)
	if u, made, err := h.AddUser(t.Context(), nobodyHas); err != nil || made || u.UID != 998 {
		t.Errorf("got %+v, made %v and %v, want the account, not made", u, made, err)
	}
}

func TestAccountsNeedTheProgramsOfTheHost(t *testing.T) {
	h := host.OS{ProgramFolders: []string{t.TempDir(), "relative"}}
	if _, _, err := h.AddUser(t.Context(), nobodyHas); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("add: got %v, want %v", err, host.ErrUnsupported)
	}
	if err := h.RemoveUser(t.Context(), nobodyHas); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("remove: got %v, want %v", err, host.ErrUnsupported)
	}
}
