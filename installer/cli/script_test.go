package cli_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/cmd/reference-backend/backend"
	"github.com/empowersuite/backend-installer/installer/cli"
	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/eventlog/eventlogtest"
	"github.com/empowersuite/backend-installer/installer/journal"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/svc/svctest"
)

// TestMain makes this test's binary the programs that scripts run.
func TestMain(m *testing.M) {
	if status, ours := svctest.Impersonate(os.Args, os.Stdin, os.Stdout); ours {
		syscall.Exit(status) // see worker
	}
	if os.Getenv("GORACE") == "" {
		_ = os.Setenv("GORACE", "atexit_sleep_ms=0") // else each program under -race ends a second late
	}
	testscript.Main(m, map[string]func(){
		"installer": func() { os.Exit(installer()) },
		"backend":   func() { syscall.Exit(backend.Main(os.Args[1:], os.Environ(), os.Stdout, os.Stderr)) },
		"powerless": powerless,
		"limited":   limited,
		"worker":    worker,
		"present":   present,

		"installer-with-tasks": func() { os.Exit(withTasks()) },
	})
}

// quiet is the world as it is, but for the journal of this host, which is not to
// be filled by tests.
func quiet() cli.World {
	world := cli.Real()
	world.Events = &eventlogtest.Memory{}
	world.Deps.Services = services(world.Deps.Services)
	return world
}

// TestScripts runs testdata/script/*.txtar, one behaviour each. The README
// beside them tells what a script can say.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup:              func(env *testscript.Env) error { return setTheStage(t, env) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"adopted":    adopted,
			"addsecret":  addSecret,
			"wrong":      wrong,
			"expire":     expire,
			"app":        changeApp,
			"token":      token,
			"knob":       knob,
			"requests":   requests,
			"asked":      asked,
			"passwords":  passwords,
			"proxy":      proxy,
			"exits":      exits,
			"background": background,
			"crowd":      crowd,
			"signal":     signalIt,
			"ended":      ended,
			"until":      until,
			"hold":       hold,
			"json":       jsonIs,
			"snapshot":   snapshot,
			"untouched":  untouched,
			"encode":     encode,
			"substitute": substitute,
			"inflate":    inflate,
			"settle":     settle,
			"holds":      holds,
			"give":       give,
			"iis":        iis,
			"tasks":      tasks,
			"tiny":       tiny,
			"touch":      touch,
			"rewrite":    rewrite,
			"extend":     extend,
			"surround":   surround,
			"export":     export,
			"insert":     insert,
			"remove":     remove,
			"tree":       tree,
			"program":    program,
			"mode":       mode,
			"spoil":      spoil,
			"contains":   contains,
			"pause":      pause,
			"unheard":    unheard,
			"closed":     closed,
			"onetime":    onetimeServer,
			"link":       link,
			"creates":    creates,
			"given":      given,
			"day":        day,
			"mailserver": mailserver,
			"mails":      mails,
			"receiver":   receiver,
			"posted":     posted,
		},
	})
}

// stage is what a script has besides its files.
type stage struct {
	entra      *entratest.Server
	secrets    []string // besides those that Entra ID knows
	holders    []string // files that hold a secret on purpose
	background *job
	crowd      map[string]*job // by the file of the secret
	lock       *journal.Lock
	listing    map[string]string
	iis        *svctest.IIS
	onetime    []*onetimetest.Server
	release    func() // what a onetime server holds back
	smtp       *notifytest.SMTP
	hook       *hook
}

type stageKey struct{}

func stageOf(ts *testscript.TestScript) *stage {
	s, ok := ts.Value(stageKey{}).(*stage)
	if !ok {
		ts.Fatalf("this script has no stage")
	}
	return s
}

// setTheStage starts an Entra ID for a script, and looks for secrets in what
// the script leaves.
func setTheStage(t *testing.T, env *testscript.Env) error {
	t.Helper()
	if err := open(env); err != nil {
		return err
	}
	ca := filepath.Join(env.WorkDir, "ca.pem")
	entra, err := entratest.New(entratest.Options{CAFile: ca})
	if err != nil {
		return err
	}
	s := &stage{entra: entra}
	env.Values[stageKey{}] = s
	env.Setenv("ENTRA", entra.URL())
	env.Setenv("CA", ca)
	env.Setenv("TENANT", entratest.TenantID)
	env.Setenv("CLIENT", entratest.ClientID)
	env.Setenv("PORT", freePort())
	env.Setenv("WITHIN", "10s")
	layoutVariables(env)
	env.Setenv("STATE", filepath.Join(env.WorkDir, "state"))
	env.Setenv("EMPOWER_STATE", filepath.Join(env.WorkDir, "state"))
	env.Defer(func() {
		s.close(env.WorkDir)
		for _, leak := range s.leaks(env.WorkDir) {
			t.Errorf("%s: %s", filepath.Base(env.WorkDir), leak)
		}
	})
	return nil
}

// open lets the unprivileged account, which powerless changes to, reach the
// programs and the folder of the script.
func open(env *testscript.Env) error {
	programs := filepath.Dir(strings.Split(env.Getenv("PATH"), string(os.PathListSeparator))[0])
	for _, folder := range []string{programs, filepath.Dir(env.WorkDir)} {
		if err := os.Chmod(folder, 0o755); err != nil {
			return fmt.Errorf("open the folder of the scripts: %w", err)
		}
	}
	return nil
}

// close ends whatever the script left running, so that a script that failed
// leaves nothing either.
func (s *stage) close(work string) {
	daemons, _ := filepath.Glob(filepath.Join(work, "host/var/lib/empower/backend/*/backend.pid")) // the pattern is good
	for _, name := range daemons {
		text, err := os.ReadFile(name)
		if pid, badErr := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && badErr == nil {
			if process, err := os.FindProcess(pid); err == nil {
				_ = process.Kill()
			}
		}
	}
	left := slices.Collect(maps.Values(s.crowd))
	if s.background != nil {
		left = append(left, s.background)
	}
	for _, j := range left {
		_ = j.cmd.Process.Kill()
		<-j.done
	}
	if s.lock != nil {
		_ = s.lock.Release()
	}
	if s.smtp != nil {
		s.smtp.Close()
	}
	if s.hook != nil {
		s.hook.Close()
	}
	_ = s.entra.Close()
}
