package cli_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// day NAME DAYS: sets a variable to the date that many days from now, by UTC.
func day(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "day NAME DAYS")
	days, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Setenv(args[0], time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly))
}

// mailserver USER FILE: a server for mail at $SMTP, that wants the user and the
// password in the file, and whose certificate is in smtp.pem.
func mailserver(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 2, "mailserver USER FILE")
	s := stageOf(ts)
	password := strings.TrimSpace(ts.ReadFile(args[1]))
	var err error
	s.smtp, err = notifytest.NewSMTP(notifytest.SMTPOptions{Auth: []string{"PLAIN"}, User: args[0], Password: password})
	ts.Check(err)
	s.secrets = append(s.secrets, password)
	s.keep(ts, args[1], password+"\n")
	ts.Check(os.WriteFile(ts.MkAbs("smtp.pem"), s.smtp.CA(), 0o600))
	ts.Setenv("SMTP", s.smtp.Address())
}

// mails N: so many were taken in all, each over TLS; stdout is the last.
func mails(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "mails N")
	all := stageOf(ts).smtp.Mails()
	if strconv.Itoa(len(all)) != args[0] {
		ts.Fatalf("%d mails were taken, want %s", len(all), args[0])
	}
	if len(all) > 0 {
		last := all[len(all)-1]
		if !last.TLS || last.Who == "" {
			ts.Fatalf("the mail came in clear, or from nobody: %+v", last)
		}
		arrives(ts, last.Data)
	}
}

// hook is a receiver of webhooks.
type hook struct {
	*httptest.Server
	key    string
	mu     sync.Mutex
	status int
	bodies []string
	wrong  int // signatures
}

// receiver FILE: a receiver of webhooks at $HOOK, that checks signatures with the key
// in the file; an address at it that is a secret is in the file address. receiver STATUS: it answers like that from now on.
func receiver(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "receiver FILE, or receiver STATUS")
	s := stageOf(ts)
	if status, err := strconv.Atoi(args[0]); err == nil {
		s.hook.mu.Lock()
		defer s.hook.mu.Unlock()
		s.hook.status = status
		return
	}
	h := &hook{key: strings.TrimSpace(ts.ReadFile(args[0])), status: http.StatusAccepted}
	h.Server = httptest.NewServer(h)
	const signature = "sig-4711-of-the-address"
	s.hook, s.secrets = h, append(s.secrets, h.key, signature)
	s.keep(ts, args[0], h.key+"\n")
	s.keep(ts, "address", h.URL+"/workflows/abc?sig="+signature+"\n")
	ts.Setenv("HOOK", h.URL)
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what is cut has a wrong signature
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.status > 299 {
		w.WriteHeader(h.status)
		return
	}
	if r.Header.Get(notify.SignatureHeader) != "v1="+notify.Sign(secret.New(h.key), r.Header.Get(notify.TimestampHeader), body) {
		h.wrong++
	}
	h.bodies = append(h.bodies, string(body))
	w.WriteHeader(h.status)
}

// posted N: so many were taken in all, each with its signature; stdout is the last.
func posted(ts *testscript.TestScript, _ bool, args []string) {
	want(ts, args, 1, "posted N")
	h := stageOf(ts).hook
	h.mu.Lock()
	defer h.mu.Unlock()
	if strconv.Itoa(len(h.bodies)) != args[0] || h.wrong > 0 {
		ts.Fatalf("%d messages were taken, %d with a wrong signature, want %s", len(h.bodies), h.wrong, args[0])
	}
	if len(h.bodies) > 0 {
		arrives(ts, h.bodies[len(h.bodies)-1])
	}
}

// arrives makes what arrived stdout. It may hold no secret.
func arrives(ts *testscript.TestScript, text string) {
	if stageOf(ts).isIn(text) {
		ts.Fatalf("what arrived holds a secret")
	}
	_, _ = io.WriteString(ts.Stdout(), text)
}
