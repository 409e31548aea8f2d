//go:build system && linux

package systemtest_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

// TestASecretIsNowhereButWhereItBelongs lives a whole life: secrets that are set, put
// back and refused, handed over by links, made by Microsoft Graph, listed and retired by
// every way to sign in, and warned of. Then it looks for them, and for all that Entra ID gave meanwhile: in
// every process that was started, in all that was printed, sent and reported, and in
// all that is left on the disk. Last it leaves each kind of secret in each of those
// places, and has to find it there.
func TestASecretIsNowhereButWhereItBelongs(t *testing.T) {
	l := newLife(t)
	l.configures()
	l.handsOver()
	l.rotates()
	current := l.signsIn()
	l.warns()

	if !bytes.Contains(l.seen["a process of configure --environment ONE"], []byte(`["test", "-f", `)) {
		t.Error("the run with a secret in its environment started no program: the trace proves nothing")
	}
	secrets := l.secrets()
	wantKinds(t, secrets)
	for _, f := range l.look(secrets) {
		t.Errorf("%s holds the %s (%s)", f.Where, f.Kind, f.Form)
	}
	l.wantOnlyInConfiguration(current, secrets)
	l.wantHeard(secrets)
}

// configures sets secrets, in vain and with success.
func (l *life) configures() {
	good, broken := l.secret("good"), l.secret("broken")
	stdin := l.configure("--client-secret-stdin")
	l.run(0, call{args: append(stdin, "--dry-run", "--output", "json"), stdin: good})
	l.run(0, call{args: stdin, stdin: good})
	l.run(0, call{args: stdin, stdin: good}) // unchanged
	l.breakNextStart(l.t, "exit-at-start")
	l.run(20, call{args: append(stdin, "--output", "json"), stdin: broken})
	l.run(10, call{args: append(stdin, "--validation-window", "0s"), stdin: l.remember("client secret", kit.WrongSecret)})
	l.turn("answer", "malformed") // with a token that breaks off
	l.run(11, call{args: append(stdin, "--validation-window", "0s"), stdin: l.secret("unproven")})
	l.turn("answer", "")
	l.run(0, call{args: l.configure(), env: []string{"EMPOWER_ENTRA_CLIENT_SECRET=" + l.secret("env")}})
}

// handsOver puts secrets behind links and takes them.
func (l *life) handsOver() {
	snapPass, onetimeSecret := l.onetimeServer(onetimetest.SnapPass), l.onetimeServer(onetimetest.OnetimeSecret)
	phrase := l.remember("passphrase", "open-sesame-4711-of-the-link")
	phraseFile := kit.SecretFile(l.t, phrase)
	create := func(server, secret string, more ...string) call {
		return call{args: append([]string{"handoff", "create", "--environment", l.env, "--server", server, "--yes", "--client-secret-stdin"}, more...), stdin: secret}
	}
	byLink := l.configure("--client-secret-link-stdin")

	link := l.ticket(create(snapPass, l.secret("link 1")))
	l.run(0, call{args: byLink, stdin: link})
	l.run(0, call{args: byLink, stdin: link}) // it has read that one itself
	link = l.ticket(create(onetimeSecret, l.secret("link 2"), "--passphrase-file", phraseFile, "--output", "json"))
	l.run(10, call{args: byLink, stdin: link, env: []string{"EMPOWER_LINK_PASSPHRASE=" + l.remember("passphrase", "another-phrase-0815")}})
	l.run(0, call{args: append(byLink, "--passphrase-file", phraseFile), stdin: link})
	link = l.ticket(create(snapPass, l.secret("link 3")))
	l.run(0, call{args: []string{"handoff", "open", "--environment", l.env, "--link-stdin"}, stdin: link})
	l.run(0, call{args: byLink, stdin: link})
}

// rotates has secrets made, switched to, retired and withdrawn.
func (l *life) rotates() {
	rotate := l.configure("--rotate", "--sign-in")
	l.run(0, call{args: append(rotate, "application", "--dry-run")})
	l.run(0, call{args: append(rotate, "application", "--output", "json")})
	l.atTerminal(0, call{args: append(rotate, "device-code", "--retire", "now")},
		said{"Go ahead?", "\r"}, said{"is it to be removed?", "y\r"})
	l.turn("answer", "7000215")
	l.run(10, call{args: append(rotate, "token", "--validation-window", "0s"), stdin: l.token()})
	l.turn("answer", "")
}

// signsIn lists and retires by each way to sign in, and returns the secret that is in
// place from then on.
func (l *life) signsIn() (current string) {
	fresh := l.secretOf("fresh", "Xy7")
	l.run(0, call{args: l.configure("--client-secret-stdin"), stdin: fresh})
	list := []string{"secrets", "list", "--environment", l.env, "--sign-in"}
	retire := func(name, way string, more ...string) []string {
		return append([]string{"secrets", "retire", "--environment", l.env, "--key-id", l.made[name].KeyID, "--sign-in", way}, more...)
	}
	l.atTerminal(0, call{args: append(list, "device-code")})
	l.run(0, call{args: append(list, "token"), stdin: l.token()})
	l.run(0, call{args: append(list, "application")})
	l.atTerminal(0, call{args: retire("good", "device-code")}, said{"is it to be removed?", "y\r"})
	l.run(0, call{args: retire("link 1", "token", "--yes"), stdin: l.token()})
	l.run(0, call{args: retire("link 2", "application", "--yes", "--output", "json")})
	l.turn("graph-answer", "forbidden")
	l.run(10, call{args: append(list, "token"), stdin: l.token()})
	l.turn("graph-answer", "")
	return fresh
}

// warns tells everybody that the secret ends soon, and, by systemd's own call, that
// it is refused.
func (l *life) warns() {
	settings := l.watchSettings()
	last := time.Now().UTC().AddDate(0, 0, 12).Format(time.DateOnly)
	l.run(0, call{args: l.configure("--expires", last)})
	watch := []string{"watch", "--environment", l.env, "--settings", settings}
	l.run(0, call{args: append([]string{"watch", "test"}, watch[1:]...)})
	l.wantTold(1, "a test")
	l.run(0, call{args: watch})
	l.wantTold(2, "expires in 12 days")
	l.wantWarning(l.t)

	l.run(0, call{args: append([]string{"watch", "install"}, watch[1:]...)})
	l.wearOut("fresh")
	l.startTraced("empower-watch-" + l.env + ".service")
	l.wantTold(3, "AADSTS7000222")
	l.run(0, call{args: []string{"watch", "remove", "--environment", l.env}})
	for _, args := range [][]string{{"status"}, {"verify"}, {"watch", "--nagios"}} {
		l.run(anyStatus, call{args: append(args, "--environment", l.env)})
	}
}
