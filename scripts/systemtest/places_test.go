//go:build system && linux

package systemtest_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/eventlog"
	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

// secrets are all that have been made, given and sent so far. The address where a
// code is entered is no secret, but has no place in what is kept either.
func (l *life) secrets() []kit.Secret {
	all := append(slices.Clone(l.own), kit.Secret{Kind: "verification URL", Text: verification})
	for _, app := range l.entra.Server.Apps() {
		for _, p := range app.Passwords {
			all = append(all, kit.Secret{Kind: "client secret", Text: p.Value.Reveal()})
		}
	}
	for _, given := range l.entra.Server.Given() {
		for _, part := range given.Parts() {
			all = append(all, kit.Secret{Kind: string(given.Kind), Text: part})
		}
	}
	for _, server := range l.onetime {
		for _, link := range server.Links() {
			for _, part := range onetimetest.Parts(link) {
				all = append(all, kit.Secret{Kind: "link", Text: part})
			}
		}
	}
	return all
}

// kinds are what the search has to know, each from whoever gave it.
func kinds() []string {
	return []string{
		"client secret", "link", "passphrase", "access token", "refresh token", "ID token", "device code", "user code",
		"verification URL", "SMTP password", "webhook key", "webhook address",
	}
}

// wantKinds makes sure that the search knows something of each kind.
func wantKinds(t *testing.T, secrets []kit.Secret) {
	t.Helper()
	for _, kind := range kinds() {
		if !slices.ContainsFunc(secrets, func(s kit.Secret) bool { return s.Kind == kind }) {
			t.Errorf("no %s was given: the search proves nothing about it", kind)
		}
	}
}

// roots are the folders where something could have been left.
func roots() []string {
	return []string{"/opt/empower", "/etc", "/var/lib", "/var/log", "/var/tmp", "/var/crash", "/run", "/tmp", "/root"}
}

// look finds secrets in all that was seen, is running, was reported and sent, and in
// every file but the configuration and the folders of this test.
func (l *life) look(secrets []kit.Secret) []kit.Finding {
	l.t.Helper()
	search := kit.NewSearch(l.t, secrets...)
	var found []kit.Finding
	in := func(where string, text []byte) { found = append(found, search.In(where, text)...) }
	for where, text := range l.seen {
		in(where, text)
	}
	for where, text := range processes() {
		in(where, text)
	}
	sh(l.t, "journalctl", "--sync")
	// In JSON the journal leaves out what is long; its own files are compressed.
	in("the journal", []byte(sh(l.t, "journalctl", "--no-pager", "--all", "--output", "export")))
	for _, mail := range l.smtp.Mails() {
		in("a mail", []byte(mail.Data+readable(l.t, mail.Data)))
	}
	for _, body := range l.hook.taken() {
		in("a message of the webhook", []byte(body))
	}
	for _, root := range roots() {
		l.inFiles(root, in)
	}
	return found
}

func (l *life) inFiles(root string, in func(string, []byte)) {
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || path == l.config || strings.HasPrefix(path, "/tmp/Test") {
			return nil //nolint:nilerr // what vanishes while it is looked for is not left
		}
		if text, err := os.ReadFile(path); err == nil {
			in(path, text)
		}
		return nil
	})
}

// wantOnlyInConfiguration finds the secret that is in use in the configuration, and
// nothing else there.
func (l *life) wantOnlyInConfiguration(current string, secrets []kit.Secret) {
	l.t.Helper()
	text := kit.Read(l.t, l.config)
	if !strings.Contains(text, current) {
		l.t.Error("the secret in use is not in the configuration: the search proves nothing")
	}
	others := slices.DeleteFunc(slices.Clone(secrets), func(s kit.Secret) bool { return s.Text == current })
	for _, f := range kit.NewSearch(l.t, others...).In("the configuration", []byte(text)) {
		l.t.Errorf("%s holds another %s (%s)", f.Where, f.Kind, f.Form)
	}
}

// wantHeard leaves a secret of each kind in each place, and has to find all.
func (l *life) wantHeard(secrets []kit.Secret) {
	l.t.Helper()
	var left []string
	for _, kind := range kinds() {
		if at := slices.IndexFunc(secrets, func(s kit.Secret) bool { return s.Kind == kind }); at >= 0 {
			left = append(left, secrets[at].Text)
		}
	}
	found := map[string]map[string]bool{}
	places := l.leave(left)
	for _, f := range l.look(secrets) {
		if found[f.Where] == nil {
			found[f.Where] = map[string]bool{}
		}
		found[f.Where][f.Kind] = true
	}
	for _, place := range places {
		for _, kind := range kinds() {
			if !found[place][kind] {
				l.t.Errorf("%s: a %s was left there and is not found", place, kind)
			}
		}
	}
}

// leave leaves texts in every place that is searched, and names the places.
func (l *life) leave(all []string) (places []string) {
	l.t.Helper()
	lines := strings.Join(all, "\n")
	for _, root := range append(roots(), stateRoot+"/"+l.env+"/log", filepath.Dir(l.config)) {
		path := filepath.Join(root, "left-by-a-test")
		l.t.Cleanup(func() { _ = os.Remove(path) })
		kit.Write(l.t, path, lines)
		places = append(places, path)
	}
	places = append(places, l.leaveInProcesses(all)...)
	for where, err := range map[string]error{
		"the journal": eventlog.OS{}.Report(eventlog.Event{ID: eventlog.Expiry, Environment: l.env, Text: lines}),
		"a mail": notify.Mail{
			Server: l.smtp.Address(), From: "a@example.com", To: []string{"b@example.com"}, CABundle: l.smtp.CA(),
			User: mailUser, Password: secret.New(mailPassword),
		}.Send(l.t.Context(), notify.Message{At: time.Now(), Subject: "left", Text: lines}),
		"a message of the webhook": notify.Webhook{
			URL: secret.New(l.hook.address), Key: secret.New(l.hook.key), Now: time.Now,
		}.Send(l.t.Context(), notify.Message{At: time.Now(), Text: lines}),
	} {
		if err != nil {
			l.t.Errorf("%s: %v", where, err)
		}
		places = append(places, where)
	}
	return places
}

// leaveInProcesses has programs run with the texts as arguments and as environment,
// one after the other under the trace, and one that is still running.
func (l *life) leaveInProcesses(all []string) (places []string) {
	l.t.Helper()
	environment := environ("LEFT=" + strings.Join(all, " "))
	for what, of := range map[string]struct{ arguments, environment []string }{
		"arguments": {all, environ()}, "environment": {nil, environment},
	} {
		file := filepath.Join(l.folder, "trace-of-"+what)
		argv := traced(file, append([]string{"/bin/true"}, of.arguments...)...)
		cmd := exec.CommandContext(l.t.Context(), argv[0], argv[1:]...)
		cmd.Env = of.environment
		if out, err := cmd.CombinedOutput(); err != nil {
			l.t.Fatalf("%v\n%s", err, out)
		}
		l.note("the trace of "+what, []byte(kit.Read(l.t, file)))
		places = append(places, "the trace of "+what)
	}
	running := exec.CommandContext(l.t.Context(), "sh", append([]string{"-c", "read wait", "sh"}, all...)...)
	running.Env = environment
	wait, err := running.StdinPipe()
	if err == nil {
		err = running.Start()
	}
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = wait.Close(); _ = running.Wait() })
	of := "/proc/" + strconv.Itoa(running.Process.Pid)
	return append(places, of+"/cmdline", of+"/environ")
}
