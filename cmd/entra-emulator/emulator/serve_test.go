package emulator_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestADaemonServesUntilItIsStopped(t *testing.T) {
	p := started(t)
	if got := p.signIn("TST-wrong"); got != 7000215 {
		t.Errorf("got %d, want 7000215", got)
	}
	for range 2 { // the second finds nothing to stop
		if got := process(t, "stop", "--pid-file", p.file("pid")); got != (outcome{}) {
			t.Errorf("stop: got %+v", got)
		}
	}
	// Windows ends it at once, and the file that is left without its lock means that it does not run.
	if _, err := os.Stat(p.file("pid")); runtime.GOOS != "windows" && !os.IsNotExist(err) {
		t.Errorf("the pid file is left: %v", err)
	}
	if got := p.try("", "list-apps"); got.status != 1 {
		t.Errorf("after the stop: got %+v", got)
	}
	if got := p.serve(); got != (outcome{}) {
		t.Errorf("once more: got %+v", got)
	}
}

func TestASecondStartLeavesTheFirstAlone(t *testing.T) {
	p := started(t)
	if again := p.serve(); again.status != 1 || !strings.Contains(again.stderr, "already running") {
		t.Errorf("a second one: got %+v", again)
	}
	token, ca := p.read("token"), p.read("ca.pem")
	for name, more := range map[string]string{"same pid file": p.file("pid"), "same address": p.file("other")} {
		address := strings.TrimPrefix(p.read("url"), "https://")
		if got := p.serve("--daemon=false", "--listen", address, "--pid-file", more); got.status != 1 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if p.read("token") != token || p.read("ca.pem") != ca {
		t.Error("a start that was refused changed the files of the one that runs")
	}
}

func TestTheTokenIsForTheOwnerAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes of files say nothing on Windows")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := place{t, dir}
	t.Cleanup(func() { process(t, "stop", "--pid-file", p.file("pid")) })
	if got := p.serve(); got.status != 0 {
		t.Fatalf("got %+v", got)
	}
	info, err := os.Stat(p.file("token"))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 || p.read("token") == "old" {
		t.Errorf("got mode %o and token %q, want 600 and a new one", got, p.read("token"))
	}
	if log := p.read("pid.log"); strings.Contains(log, p.read("token")) || !strings.Contains(log, p.read("url")) {
		t.Errorf("got log %q", log)
	}
}

func TestAStateFileIsServed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.yaml")
	const state = "apps:\n  - clientId: 11111111-0000-4000-8000-000000000002\n    passwords: [{value: TST-first}]\n"
	if err := os.WriteFile(file, []byte(state), 0o600); err != nil {
		t.Fatal(err)
	}
	p := started(t, "--state", file, "--host", "login.test.example", "--log-file", filepath.Join(t.TempDir(), "log"))
	if got := p.signIn("TST-first"); got != 0 {
		t.Errorf("got %d, want a token", got)
	}
}

func TestAStartThatFailsSaysWhy(t *testing.T) {
	p := place{t, t.TempDir()}
	state := p.file("state.yaml")
	if err := os.WriteFile(state, []byte("app: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ flag, value, want string }{
		"no state file":     {"--state", p.file("missing"), "missing"},
		"wrong state":       {"--state", state, `unknown key "app"`},
		"no such address":   {"--listen", "192.0.2.1:0", "listen"},
		"ca cannot be kept": {"--ca-file", p.file("no/ca.pem"), "certificate"},
	} {
		got := p.serve(c.flag, c.value)
		if got.status != 1 || !strings.Contains(got.stderr, c.want) || !strings.Contains(got.stderr, "ended at its start") {
			t.Errorf("%s: got %+v, want %q", name, got, c.want)
		}
	}
}

func TestAPidFileThatWasLeftBehindDeceivesNobody(t *testing.T) {
	p := place{t, t.TempDir()}
	if err := os.WriteFile(p.file("pid"), []byte("1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := process(t, "stop", "--pid-file", p.file("pid")); got != (outcome{}) {
		t.Errorf("stop: got %+v", got)
	}
	t.Cleanup(func() { process(t, "stop", "--pid-file", p.file("pid")) })
	if got := p.serve(); got != (outcome{}) {
		t.Errorf("serve: got %+v", got)
	}
}

func TestWrongCommandLinesAreToldApart(t *testing.T) {
	for line, want := range map[string]string{
		"":                                 "which command",
		"start":                            `no command "start"`,
		"serve":                            "--ca-file is missing",
		"serve --ca-file x":                "--token-file is missing",
		"serve --daemon":                   "--daemon needs --pid-file",
		"serve now":                        `unexpected "now"`,
		"serve --frobnicate":               "frobnicate",
		"stop":                             "--pid-file is missing",
		"admin":                            "--url is missing",
		"admin --url x --ca-file y":        "--token-file is missing",
		"admin --disabled=perhaps set-app": "perhaps",
	} {
		got := program("", strings.Fields(line)...)
		if got.status != 2 || !strings.Contains(got.stderr, want) || got.stdout != "" {
			t.Errorf("%q: got %+v, want %q", line, got, want)
		}
	}
}

func TestHelpIsPrinted(t *testing.T) {
	for line, want := range map[string]string{
		"--help": "serve|stop|admin", "serve --help": "-ready-file", "stop --help": "-pid-file", "admin --help": "-value-stdin",
	} {
		got := program("", strings.Fields(line)...)
		if got.status != 0 || !strings.Contains(got.stdout, want) || got.stderr != "" {
			t.Errorf("%q: got %+v, want %q", line, got, want)
		}
	}
}
