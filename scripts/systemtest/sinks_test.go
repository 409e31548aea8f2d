//go:build system && linux

package systemtest_test

import (
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/scripts/kit"
)

const (
	mailUser     = "backend"
	mailPassword = "correct-horse-battery-staple-1"
	metrics      = "/var/lib/metrics-of-a-test"
)

// hook is a receiver of webhooks, which checks their signatures.
type hook struct {
	address, key string

	mu     sync.Mutex
	bodies []string // with their headers
	wrong  int      // signatures
}

func newHook(t *testing.T, key, path string) *hook {
	t.Helper()
	h := &hook{key: key}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.address = server.URL + path
	return h
}

func (h *hook) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what is cut has a wrong signature
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Header.Get(notify.SignatureHeader) != "v1="+notify.Sign(secret.New(h.key), r.Header.Get(notify.TimestampHeader), body) {
		h.wrong++
	}
	h.bodies = append(h.bodies, fmt.Sprintf("%v\n%s", r.Header, body))
}

func (h *hook) taken() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.bodies)
}

// readable is a mail's subject and text as its reader sees them.
func readable(t *testing.T, data string) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	if way := m.Header.Get("Content-Transfer-Encoding"); way != "quoted-printable" {
		t.Fatalf("the mail is encoded as %q, which is not read here", way)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return subject + "\n" + string(text)
}

// watchSettings is a file that names a server for mail, a webhook and a folder for
// metrics, beside the files with their secrets.
func (l *life) watchSettings() string {
	l.t.Helper()
	password := l.remember("SMTP password", mailPassword)
	var err error
	l.smtp, err = notifytest.NewSMTP(notifytest.SMTPOptions{Auth: []string{"PLAIN"}, User: mailUser, Password: password})
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(l.smtp.Close)
	const signature = "sig-4711-of-the-address"
	l.hook = newHook(l.t, l.remember("webhook key", "shared-key-of-the-webhook-42"), "/workflows/abc?sig="+l.remember("webhook address", signature))
	l.remember("webhook address", l.hook.address)
	if err := os.Mkdir(metrics, 0o755); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = os.RemoveAll(metrics) })
	ca, path := filepath.Join(l.folder, "smtp.pem"), filepath.Join(l.folder, "watch.yaml")
	kit.Write(l.t, ca, string(l.smtp.CA()))
	kit.Write(l.t, path, fmt.Sprintf(`version: 1
textfile: %s
mail:
  server: %s
  from: backend@example.com
  to: [it@example.com]
  user: %s
  password: {file: %s}
  caBundle: %s
webhook:
  urlFrom: {file: %s}
  key: {file: %s}
`, metrics, l.smtp.Address(), mailUser, kit.SecretFile(l.t, password), ca, kit.SecretFile(l.t, l.hook.address), kit.SecretFile(l.t, l.hook.key)))
	return path
}

// wantTold makes sure that the mail and the message of the webhook of this number,
// each the last, say something.
func (l *life) wantTold(number int, text string) {
	l.t.Helper()
	mails, bodies := l.smtp.Mails(), l.hook.taken()
	if len(mails) != number || len(bodies) != number || l.hook.wrong > 0 {
		l.t.Fatalf("%d mails and %d messages, %d with a wrong signature, want %d", len(mails), len(bodies), l.hook.wrong, number)
	}
	last := mails[number-1]
	if told := readable(l.t, last.Data); !strings.Contains(told, text) || !last.TLS || last.Who != mailUser {
		l.t.Errorf("got the mail %q, want %q in it", told, text)
	}
	if !strings.Contains(bodies[number-1], text) {
		l.t.Errorf("got the message %q, want %q in it", bodies[number-1], text)
	}
}

// startTraced has systemd start a unit, under the trace.
func (l *life) startTraced(unit string) {
	l.t.Helper()
	const units = "/etc/systemd/system/"
	file := filepath.Join(l.folder, "trace-"+unit)
	command := regexp.MustCompile(`(?m)^ExecStart=(.*)$`).FindStringSubmatch(kit.Read(l.t, units+unit))
	if command == nil {
		l.t.Fatalf("%s starts nothing", unit)
	}
	l.t.Cleanup(func() { _ = os.RemoveAll(units + unit + ".d") })
	kit.Write(l.t, units+unit+".d/trace.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/"+strings.Join(traced(file, command[1]), " ")+" --log-level debug\n")
	sh(l.t, "systemctl", "daemon-reload")
	sh(l.t, "systemctl", "start", unit)
	l.noteTrace("the start of "+unit, call{trace: file})
}
