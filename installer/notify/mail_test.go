package notify_test

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const password = "correct-horse-battery-staple-1"

func server(t *testing.T, o notifytest.SMTPOptions) *notifytest.SMTP {
	t.Helper()
	s, err := notifytest.NewSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func mailTo(s *notifytest.SMTP) notify.Mail {
	return notify.Mail{Server: s.Address(), From: "backend@example.com", To: []string{"it@example.com", "second@example.com"}, CABundle: s.CA()}
}

func TestMailKeepsTheContract(t *testing.T) {
	notifytest.Run(t, func(t *testing.T) (notify.Sink, func() []string) {
		t.Helper()
		s := server(t, notifytest.SMTPOptions{})
		return mailTo(s), func() []string {
			var all []string
			for _, m := range s.Mails() {
				all = append(all, m.Data)
			}
			return all
		}
	})
}

// sent is a message as the server got it, and as a program that reads mail does.
func sent(t *testing.T, message notify.Message) (notifytest.Mail, *mail.Message) {
	t.Helper()
	s := server(t, notifytest.SMTPOptions{})
	if err := mailTo(s).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	got := s.Mails()[0]
	parsed, err := mail.ReadMessage(strings.NewReader(got.Data))
	if err != nil {
		t.Fatalf("%v in %q", err, got.Data)
	}
	return got, parsed
}

func TestAMailArrivesAsItWasMeant(t *testing.T) {
	message := notifytest.Message()
	got, parsed := sent(t, message)
	if got.From != "backend@example.com" || len(got.To) != 2 || got.To[1] != "second@example.com" || !got.TLS {
		t.Errorf("got the envelope %+v", got)
	}
	subject, err := (&mime.WordDecoder{}).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil || subject != message.Subject {
		t.Errorf("got the subject %q and %v, want %q", subject, err, message.Subject)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(parsed.Body))
	if text := strings.ReplaceAll(string(body), "\r\n", "\n"); err != nil || text != message.Text {
		t.Errorf("got the text %q and %v, want %q", text, err, message.Text)
	}
}

func TestTheHeaderOfAMailIsWhatServersAndPeopleExpect(t *testing.T) {
	message := notifytest.Message()
	_, parsed := sent(t, message)
	to, err := parsed.Header.AddressList("To")
	if err != nil || len(to) != 2 {
		t.Errorf("got the addresses %v and %v", to, err)
	}
	if at, err := parsed.Header.Date(); err != nil || !at.Equal(message.At) {
		t.Errorf("got the date %v and %v, want %v", at, err, message.At)
	}
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "Importance": "high", "Message-ID": "<id-1@example.com>", "Content-Type": "text/plain; charset=utf-8",
	} {
		if got := parsed.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestASubjectCannotBecomeAHeader(t *testing.T) {
	s := server(t, notifytest.SMTPOptions{})
	message := notifytest.Message()
	message.Subject = "hello\r\nBcc: everybody@example.com\n\nbody"
	if err := mailTo(s).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	parsed, err := mail.ReadMessage(strings.NewReader(s.Mails()[0].Data))
	if err != nil || parsed.Header.Get("Bcc") != "" || parsed.Header.Get("Subject") != "hello Bcc: everybody@example.com body" {
		t.Errorf("got the header %v and %v", parsed.Header, err)
	}
}

func TestMailSignsInByTheWaysThatServersOffer(t *testing.T) {
	for _, ways := range [][]string{{"PLAIN", "LOGIN"}, {"LOGIN"}, {"XOAUTH2", "PLAIN"}} {
		s := server(t, notifytest.SMTPOptions{Auth: ways, User: "backend", Password: password})
		m := mailTo(s)
		m.User, m.Password = "backend", secret.New(password)
		if err := m.Send(t.Context(), notifytest.Message()); err != nil {
			t.Errorf("%v: %v", ways, err)
			continue
		}
		if got := s.Mails(); len(got) != 1 || got[0].Who != "backend" || !got[0].TLS {
			t.Errorf("%v: got %+v", ways, got)
		}
	}
}

func TestAMailThatIsNotTakenSaysWhyAndNoSecret(t *testing.T) {
	auth := []string{"PLAIN"}
	for name, c := range map[string]struct {
		options notifytest.SMTPOptions
		change  func(*notify.Mail)
		want    string
		final   bool
	}{
		"a wrong password, PLAIN": {notifytest.SMTPOptions{Auth: auth, User: "backend", Password: "another"}, nil, "535", true},
		"a wrong password, LOGIN": {notifytest.SMTPOptions{Auth: []string{"LOGIN"}, User: "backend", Password: "another"}, nil, "535", true},
		"no way to sign in":       {notifytest.SMTPOptions{Auth: []string{"XOAUTH2"}}, nil, "neither AUTH PLAIN nor AUTH LOGIN", true},
		"a sender that is not allowed": {
			notifytest.SMTPOptions{Refuse: "550 5.7.60 not as this sender " + password}, func(m *notify.Mail) { m.User = "" }, "550", true,
		},
		"busy":                 {notifytest.SMTPOptions{Refuse: "451 later"}, func(m *notify.Mail) { m.User = "" }, "451 later", false},
		"no room for a client": {notifytest.SMTPOptions{Greeting: "421 too many"}, nil, "421 too many", false},
		"another certificate":  {notifytest.SMTPOptions{}, func(m *notify.Mail) { m.CABundle = nil }, "certificate", false},
		"nobody listens":       {notifytest.SMTPOptions{}, func(m *notify.Mail) { m.Server = "127.0.0.1:1" }, "127.0.0.1:1", false},
	} {
		m := mailTo(server(t, c.options))
		m.User, m.Password = "backend", secret.New(password)
		if c.change != nil {
			c.change(&m)
		}
		err := m.Send(t.Context(), notifytest.Message())
		if err == nil || !strings.Contains(err.Error(), c.want) || errors.Is(err, notify.ErrFinal) != c.final {
			t.Errorf("%s: got %v, want %q in it, final %v", name, err, c.want, c.final)
			continue
		}
		if masked := secret.Mask(err.Error(), secret.New(password)); masked != err.Error() {
			t.Errorf("%s: the error holds the password: %q", name, err)
		}
	}
}

func TestNoMailGoesInClearToAnotherHost(t *testing.T) {
	s := server(t, notifytest.SMTPOptions{Listen: net.JoinHostPort(ownAddress(t), "0"), NoTLS: true, Auth: []string{"PLAIN"}, User: "backend", Password: password})
	m := mailTo(s)
	m.User, m.Password = "backend", secret.New(password)
	err := m.Send(t.Context(), notifytest.Message())
	if err == nil || !errors.Is(err, notify.ErrFinal) || !strings.Contains(err.Error(), "does not offer STARTTLS") {
		t.Errorf("got %v", err)
	}
	if got := s.Mails(); len(got) != 0 {
		t.Errorf("sent: %+v", got)
	}
}

func TestAMailGoesInClearToThisHostItself(t *testing.T) {
	s := server(t, notifytest.SMTPOptions{NoTLS: true})
	if err := mailTo(s).Send(t.Context(), notifytest.Message()); err != nil || len(s.Mails()) != 1 {
		t.Errorf("got %v and %+v", err, s.Mails())
	}
}

// ownAddress is one of this host that is not loopback.
func ownAddress(t *testing.T) string {
	t.Helper()
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Skip(err)
	}
	for _, a := range all {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && !ip.IP.IsLoopback() {
			return ip.IP.String()
		}
	}
	t.Skip("this host has no address but loopback")
	return ""
}

func TestAServerThatSaysNothingIsLeft(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close() //nolint:errcheck // at the end of a test
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	began := time.Now()
	err = notify.Mail{Server: silent.Addr().String(), From: "a@b.c", To: []string{"d@e.f"}}.Send(ctx, notifytest.Message())
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 5*time.Second {
		t.Errorf("got %v after %v", err, time.Since(began))
	}
}
