package cli_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func want(ts *testscript.TestScript, args []string, n int, usage string) {
	if len(args) != n {
		ts.Fatalf("usage: %s", usage)
	}
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

// addsecret FILE [HINT [DAYS]]: Entra ID makes a client secret that begins with HINT
// and lives so many days, and FILE holds it; FILE.id in the variable ID its ID.
func addSecret(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 1 || len(args) > 3 {
		ts.Fatalf("usage: addsecret FILE [HINT [DAYS]]")
	}
	s := stageOf(ts)
	const age = 72 * time.Hour // more than scripts set clocks wrong
	wanted := entratest.Password{Name: args[0], Value: entratest.NewSecret(), Start: time.Now().Add(-age)}
	if len(args) > 1 {
		wanted.Value = secret.New(args[1] + wanted.Value.Reveal()[len(args[1]):])
	}
	if len(args) > 2 {
		wanted.End = time.Now().Add(time.Duration(number(ts, args[2]))*24*time.Hour + time.Hour)
	}
	p, err := s.entra.AddPassword(entratest.ClientID, wanted)
	ts.Check(err)
	s.keep(ts, args[0], p.Value.Reveal())
	ts.Setenv("ID", p.KeyID)
}

// wrong FILE [TEXT]: FILE holds a secret that Entra ID does not know.
func wrong(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 && len(args) != 2 {
		ts.Fatalf("usage: wrong FILE [TEXT]")
	}
	value := "TST8Q~not-a-real-secret-0000000000000001"
	if len(args) == 2 {
		value = strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(args[1])
	}
	s := stageOf(ts)
	if len(strings.TrimSpace(value)) >= 8 { // shorter ones are in other words, too
		s.secrets = append(s.secrets, strings.TrimSpace(value))
	}
	s.keep(ts, args[0], value)
}

// expire FILE: the secret in FILE ends now.
func expire(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "expire FILE")
	s := stageOf(ts)
	value := ts.ReadFile(args[0])
	for _, app := range s.entra.Apps() {
		for _, p := range app.Passwords {
			if p.Value.Reveal() == value {
				ts.Check(s.entra.Expire(app.ClientID, p.KeyID))
				return
			}
		}
	}
	ts.Fatalf("expire: Entra ID does not know the secret in %s", args[0])
}

// app disabled|blocked|owner|role ROLE: what an administrator did with the
// application: owner makes it one of its own owners, role consents to a permission.
func changeApp(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 && (len(args) != 2 || args[0] != "role") {
		ts.Fatalf("usage: app disabled|blocked|owner|role ROLE")
	}
	ts.Check(stageOf(ts).entra.ChangeApp(entratest.ClientID, func(a *entratest.App) {
		switch args[0] {
		case "disabled":
			a.Disabled = true
		case "blocked":
			a.Blocked = true
		case "owner":
			a.Owners = append(a.Owners, a.ClientID)
		case "role":
			a.Roles = append(a.Roles, args[1])
		default:
			ts.Fatalf("app: no state %q", args[0])
		}
	}))
}

// token FILE [SCOPE...]: FILE holds what az account get-access-token prints: an
// access token for Microsoft Graph of the tenant's administrator, with scopes.
func token(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 {
		ts.Fatalf("usage: token FILE [SCOPE...]")
	}
	s := stageOf(ts)
	value := s.entra.GraphToken(scriptTB{ts}, entratest.ClientID, "test.user@"+entratest.TenantDomain, args[1:]...).Reveal()
	text, err := json.Marshal(map[string]string{
		"accessToken": value, "expiresOn": "2026-11-26 12:00:00.000000", "tenant": entratest.TenantID, "tokenType": "Bearer",
	})
	ts.Check(err)
	s.keep(ts, args[0], string(text))
}

// scriptTB is a script as package entratest wants a test.
type scriptTB struct{ *testscript.TestScript }

func (scriptTB) Helper()             {}
func (t scriptTB) TempDir() string   { return t.Getenv("WORK") }
func (t scriptTB) Cleanup(f func())  { t.Defer(f) }
func (t scriptTB) Fatal(args ...any) { t.Fatalf("%s", fmt.Sprint(args...)) }

// knob NAME=VALUE...: turns knobs of Entra ID, see package entratest.
func knob(ts *testscript.TestScript, _ bool, args []string) {
	turned := map[string]string{}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		turned[name] = value
	}
	ts.Check(stageOf(ts).entra.Turn(turned))
}

// requests N: Entra ID was asked for a token N times since the script began.
func requests(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "requests N")
	if got := stageOf(ts).entra.TokenRequests(entratest.ClientID); got != number(ts, args[0]) {
		ts.Fatalf("Entra ID was asked %d times, not %s", got, args[0])
	}
}

// asked N: waits until Entra ID was asked for a token N times.
func asked(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "asked N")
	n := number(ts, args[0])
	waitFor(ts, fmt.Sprintf("%d requests", n), func() bool {
		return stageOf(ts).entra.TokenRequests(entratest.ClientID) >= n
	})
}

// passwords N: waits until the application has so many client secrets.
func passwords(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "passwords N")
	n := number(ts, args[0])
	waitFor(ts, fmt.Sprintf("%d client secrets", n), func() bool {
		return len(stageOf(ts).entra.Apps()[0].Passwords) >= n
	})
}

// proxy VARIABLE STATUS: the variable names a proxy that answers everything
// with that status.
func proxy(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "proxy VARIABLE STATUS")
	status := number(ts, args[1])
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	server := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }),
	}
	go func() { _ = server.Serve(listener) }() // ends with Close
	ts.Defer(func() { _ = server.Close() })
	ts.Setenv(args[0], "http://"+listener.Addr().String())
}

// waitFor looks every few milliseconds, for twenty seconds at most.
func waitFor(ts *testscript.TestScript, what string, there func() bool) {
	for end := time.Now().Add(20 * time.Second); !there(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf("waited too long for %s", what)
		}
	}
}

// freePort is a port of this host that nobody listens at for the moment.
func freePort() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "0"
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	_ = listener.Close()
	return port
}
