//go:build system && linux

package systemtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

const (
	// administrator is the user of the local Entra ID, who owns the application.
	administrator = "test.user@demo.example"
	// verification is the page that a sign-in by device code names.
	verification = "https://microsoft.com/devicelogin"
	// anyStatus is for a run whose end is not what the test is about.
	anyStatus = -1
)

// life is an installation with everybody whom it talks to, and all that was seen of
// what it did. Each run is traced, with the log at its most talkative.
type life struct {
	*installed

	t       *testing.T
	folder  string // of the test: its files hold secrets on purpose
	own     []kit.Secret
	made    map[string]entratest.Password // by name: client secrets
	onetime []*onetimetest.Server
	smtp    *notifytest.SMTP
	hook    *hook
	seen    map[string][]byte // by where
	runs    int
}

func newLife(t *testing.T) *life {
	t.Helper()
	l := &life{t: t, installed: install(t, "ONE"), folder: t.TempDir(), made: map[string]entratest.Password{}, seen: map[string][]byte{}}
	l.addHelper()
	l.entra.Server.Set(entratest.Knobs{DeviceInterval: time.Second, UnaskedTokens: true})
	l.allowGraph(t)
	return l
}

// addHelper adds a service that runs by commands: systemd's are asked for over D-Bus,
// so that no run would start a program. All are watched for a second, for a test has
// many runs.
func (l *life) addHelper() {
	l.t.Helper()
	const running = "/run/helper-of-a-test"
	kit.Write(l.t, running, "")
	l.t.Cleanup(func() { _ = os.Remove(running) })
	path := stateRoot + "/" + l.env + "/installation.yaml"
	text := strings.Replace(kit.Read(l.t, path), "stableFor: 2s", "stableFor: 1s", 1)
	more := regexp.MustCompile(`(?m)^services:\n( *- )`).ReplaceAllString(text, "services:\n${1}{name: helper, manager: command, reads: ["+l.config+
		"], command: {start: [touch, "+running+"], stop: [rm, "+running+"], status: [test, -f, "+running+
		"]}, health: {command: [test, -f, "+running+"], within: 10s, stableFor: 20ms}}\n${1}")
	if more == text {
		l.t.Fatalf("no place for another service:\n%s", text)
	}
	kit.Write(l.t, path, more)
}

// token is what az account get-access-token prints for the administrator.
func (l *life) token() string {
	l.t.Helper()
	value := l.entra.Server.GraphToken(l.t, l.entra.Client, administrator, "Application.ReadWrite.All").Reveal()
	text, err := json.Marshal(map[string]string{"accessToken": value, "tenant": l.entra.Tenant, "tokenType": "Bearer"})
	if err != nil {
		l.t.Fatal(err)
	}
	return string(text)
}

// turn turns a knob of Entra ID.
func (l *life) turn(name, value string) {
	l.t.Helper()
	if err := l.entra.Server.Turn(map[string]string{name: value}); err != nil {
		l.t.Fatal(err)
	}
}

// remember is a secret of the test's own.
func (l *life) remember(kind, text string) string {
	l.own = append(l.own, kit.Secret{Kind: kind, Text: text})
	return text
}

// secret makes a client secret, which has a name for the test.
func (l *life) secret(name string) string {
	l.t.Helper()
	return l.secretOf(name, "TST")
}

// secretOf is secret with a hint.
func (l *life) secretOf(name, hint string) string {
	l.t.Helper()
	text := hint + entratest.NewSecret().Reveal()[len(hint):]
	p, err := l.entra.Server.AddPassword(l.entra.Client, entratest.Password{Name: name, Value: secret.New(text)})
	if err != nil {
		l.t.Fatal(err)
	}
	l.made[name] = p
	return l.remember("client secret", text)
}

// wearOut has the secret in use end, long after it was set: a fresh one may be refused
// for a while.
func (l *life) wearOut(name string) {
	l.t.Helper()
	if err := l.entra.Server.Expire(l.entra.Client, l.made[name].KeyID); err != nil {
		l.t.Fatal(err)
	}
	record := stateRoot + "/" + l.env + "/record.json"
	text := kit.Read(l.t, record)
	older := regexp.MustCompile(`"setAt": "20\d\d`).ReplaceAllString(text, `"setAt": "2001`)
	if older == text {
		l.t.Fatalf("the record does not say when the secret was set:\n%s", text)
	}
	kit.Write(l.t, record, older)
}

// onetimeServer is the address of a server for one-time links.
func (l *life) onetimeServer(product onetimetest.Product) string {
	server := onetimetest.Start(product, false)
	l.t.Cleanup(server.Close)
	l.onetime = append(l.onetime, server)
	return server.URL()
}

// note keeps what was seen for the search.
func (l *life) note(where string, text []byte) { l.seen[where] = append(l.seen[where], text...) }

// run runs the program and keeps everything of it.
func (l *life) run(want int, c call) kit.Outcome {
	l.t.Helper()
	got := l.do(want, c)
	l.note("stdout of "+strings.Join(c.args, " "), []byte(got.Stdout))
	return got
}

// do is run, but for stdout.
func (l *life) do(want int, c call) kit.Outcome {
	l.t.Helper()
	name := strings.Join(c.args, " ")
	c = l.talkative(c)
	got := c.run(l.t)
	if want != anyStatus && got.Exit != want {
		l.t.Fatalf("installer %s: exit status %d, want %d\nstdout:\n%s\nstderr:\n%s", name, got.Exit, want, got.Stdout, got.Stderr)
	}
	if got.Stdout+got.Stderr == "" {
		l.t.Fatalf("installer %s printed nothing", name)
	}
	l.note("stderr of "+name, []byte(got.Stderr))
	l.noteTrace(name, c)
	return got
}

func (l *life) talkative(c call) call {
	l.runs++
	c.trace = filepath.Join(l.folder, fmt.Sprintf("trace-%d", l.runs))
	c.args = append(slices.Clone(c.args), "--log-level", "debug")
	return c
}

// noteTrace keeps the trace of a run, and what runs on. A secret that the caller put
// into the program's own environment is there, and may be in no process that it
// starts.
func (l *life) noteTrace(name string, c call) {
	l.t.Helper()
	text := []byte(kit.Read(l.t, c.trace))
	itself, others, _ := bytes.Cut(text, []byte("\n"))
	if !bytes.Contains(itself, []byte("execve(")) {
		l.t.Fatalf("nothing of %s was traced", name)
	}
	if len(c.env) == 0 {
		l.note("the start of "+name, itself)
	}
	l.note("a process of "+name, others)
	for where, text := range processes() {
		l.note(where+" after "+name, text)
	}
}

// processes are the command lines and environments of all that run.
func processes() map[string][]byte {
	all := map[string][]byte{}
	commands, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is good
	environments, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, file := range append(commands, environments...) {
		if text, err := os.ReadFile(file); err == nil { // else it has ended
			all[file] = text
		}
	}
	return all
}

// ticket runs handoff create, which prints the link, once.
func (l *life) ticket(c call) (link string) {
	l.t.Helper()
	got := l.do(0, c)
	for _, server := range l.onetime {
		for _, made := range server.Links() {
			if strings.Contains(got.Stdout, made) {
				link = made
			}
		}
	}
	if n := strings.Count(got.Stdout, link); link == "" || n != 1 {
		l.t.Fatalf("the link was printed %d times, want once:\n%s", n, got.Stdout)
	}
	l.note("the rest of a ticket", []byte(strings.Replace(got.Stdout, link, "", 1)))
	return link
}

// atTerminal is run with the administrator in front, who signs in with the code that
// is shown, and answers.
func (l *life) atTerminal(want int, c call, answers ...said) {
	l.t.Helper()
	name := strings.Join(c.args, " ")
	c = l.talkative(c)
	ctx, cancel := context.WithTimeout(l.t.Context(), patience)
	defer cancel()
	w := c.atTerminal(ctx, l.t)
	code := l.approve(ctx)
	for _, a := range answers {
		w.answer(a.question, a.keys)
	}
	status := w.end()
	screen := ""
	eventually(l.t, "what was written last shows", patience, func() bool {
		screen = w.Screen()
		<-time.After(200 * time.Millisecond)
		return screen == w.Screen()
	})
	if code == "" || !strings.Contains(screen, code) || status != want {
		l.t.Fatalf("installer %s: exit status %d, want %d, code %q; the screen:\n%s", name, status, want, code, screen)
	}
	l.note("the screen of "+name, []byte(strings.NewReplacer(code, "", verification, "").Replace(screen)))
	l.noteTrace(name, c)
}

// said is what a person types where a question is on the screen.
type said struct{ question, keys string }
