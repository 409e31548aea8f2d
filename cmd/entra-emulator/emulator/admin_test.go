package emulator_test

import (
	"os"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

func TestShellScriptsAdministerPasswords(t *testing.T) {
	p := started(t)
	app := []string{"--app", entratest.ClientID}
	run := func(stdin, verb string, words ...string) string {
		t.Helper()
		return p.admin(stdin, append(append([]string{verb}, app...), words...)...)
	}
	first := run("", "add-password", "--name", "first")
	if got := p.signIn(first); got != 0 {
		t.Errorf("made up: got %d, want a token", got)
	}
	if got := run("TST-given\n", "add-password", "--name", "second", "--value-stdin", "--end", "2999-01-01T00:00:00Z"); got != "" {
		t.Errorf("given: got %q on stdout, want nothing", got)
	}
	if got := p.signIn("TST-given"); got != 0 {
		t.Errorf("given: got %d, want a token", got)
	}
	lines := strings.Split(run("", "list-passwords"), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[1], "\t2999-01-01T00:00:00Z\tsecond") {
		t.Fatalf("got list %q", lines)
	}
	keyID, _, _ := strings.Cut(lines[1], "\t")
	run("", "expire-password", "--key-id", keyID)
	if got := p.signIn("TST-given"); got != 7000222 {
		t.Errorf("expired: got %d, want 7000222", got)
	}
	run("", "remove-password", "--except", "first")
	if got, first := p.signIn("TST-given"), p.signIn(first); got != 7000215 || first != 0 {
		t.Errorf("removed: got %d and %d, want 7000215 and a token", got, first)
	}
	run("", "remove-password", "--name", "first")
	if got := run("", "list-passwords"); got != "" {
		t.Errorf("got list %q, want none", got)
	}
}

func TestShellScriptsTurnKnobsEvenOfTheHandshake(t *testing.T) {
	p := started(t)
	p.admin("", "knob", "answer=53003", "crlf=true")
	if got := p.signIn("TST-wrong"); got != 53003 {
		t.Errorf("got %d, want 53003", got)
	}
	p.admin("", "knob", "tls=expired")
	if got := p.admin("", "knob"); !strings.Contains(got, "answer=53003\n") || !strings.Contains(got, "tls=expired\n") {
		t.Errorf("got %q", got)
	}
	p.admin("", "knob", "reset")
	if got := p.signIn("TST-wrong"); got != 7000215 {
		t.Errorf("after the reset: got %d, want 7000215", got)
	}
	for line, want := range map[string]string{"requests --count": "2", "requests --count --outcome 53003": "1", "requests --count --app other": "0"} {
		if got := p.admin("", strings.Fields(line)...); got != want {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
	if got := p.admin("", "requests"); !strings.Contains(got, `"outcome": "7000215"`) {
		t.Errorf("got %q", got)
	}
}

func TestShellScriptsRegisterApplications(t *testing.T) {
	p := started(t)
	const id = "22222222-0000-4000-8000-000000000003"
	p.admin("", "set-app", "--app", id, "--app-name", "Second", "--redirect-uri", "http://localhost/")
	p.admin("", "set-app", "--app", id, "--disabled", "--blocked=false")
	got := p.admin("", "list-apps")
	for _, want := range []string{id, `"name": "Second"`, `"disabled": true`, `"blocked": false`, `"http://localhost/"`} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s in it", got, want)
		}
	}
}

func TestShellScriptsAnswerForTheUserOfADeviceCode(t *testing.T) {
	p := started(t)
	if got := p.admin("", "list-codes"); got != "[]" {
		t.Errorf("got %q, want none", got)
	}
	for state, words := range map[string][]string{"approved": {"approve", "--user", "test.user@test.example"}, "declined": {"decline"}} {
		p.offer()
		p.admin("", words...)
		if got := p.admin("", "list-codes"); !strings.Contains(got, `"state": "`+state+`"`) || strings.Contains(got, "pending") {
			t.Errorf("%s: got %s", state, got)
		}
	}
}

func TestVerbsThatCannotBeDoneSayWhy(t *testing.T) {
	p := started(t)
	app := "--app " + entratest.ClientID
	for line, c := range map[string]struct {
		status int
		want   string
	}{
		"":                                   {2, "which verb"},
		"delete-tenant":                      {2, `no verb "delete-tenant"`},
		"list-apps more":                     {2, `unexpected "more"`},
		"set-app":                            {2, "--app is missing"},
		"approve":                            {1, "no such user code"},
		"approve --code ABCDEFGHJ":           {1, "no such user code"},
		"add-password":                       {2, "--app is missing"},
		"list-passwords":                     {2, "--app is missing"},
		"list-passwords --app x":             {1, "no application"},
		"add-password --app x":               {1, "no application"},
		"add-password --value-stdin " + app:  {1, "standard input"},
		"add-password --end tomorrow " + app: {2, "--end"},
		"add-password --start today " + app:  {2, "--start"},
		"remove-password " + app:             {2, "one of --key-id, --name and --except"},
		"remove-password --name a --except b " + app:     {2, "one of --key-id, --name and --except"},
		"remove-password --name nobody " + app:           {1, "no such password"},
		"knob answer":                                    {2, "NAME=VALUE"},
		"knob answer=TST-secret":                         {1, `knob "answer"`},
		"set-app --app x":                                {1, "wanted a GUID"},
		"set-app --tenant x --app " + entratest.TenantID: {1, "not one of the tenants"},
	} {
		got := p.try("", strings.Fields(line)...)
		if got.status != c.status || !strings.Contains(got.stderr, c.want) {
			t.Errorf("%q: got %+v, want %d and %q", line, got, c.status, c.want)
		}
	}
}

func TestAWrongTokenAndAWrongAuthorityAreRefused(t *testing.T) {
	p := started(t)
	if err := os.WriteFile(p.file("token"), []byte("TST-other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := p.try("", "list-apps"); got.status != 1 || !strings.Contains(got.stderr, "HTTP 401: the bearer token is missing or wrong") {
		t.Errorf("token: got %+v", got)
	}
	if err := os.WriteFile(p.file("ca.pem"), []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := p.try("", "list-apps"); got.status != 1 || !strings.Contains(got.stderr, "no certificate in PEM form") {
		t.Errorf("authority: got %+v", got)
	}
}
