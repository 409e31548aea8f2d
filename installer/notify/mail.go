package notify

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Mail sends messages through a server that takes mail for delivery.
type Mail struct {
	Server   string // host:port; the port of submission is 587
	From     string // an address and nothing else
	To       []string
	User     string // "" signs in as nobody
	Password secret.Value
	CABundle []byte // PEM added to the system's roots; nil = none
}

var _ Sink = Mail{}

// errNoTLS says that a server offers no encryption.
var errNoTLS = errors.New("the server does not offer STARTTLS, and neither a mail nor a password is sent in clear")

// errNoAuth says that a server offers no way to sign in that this program knows.
var errNoAuth = errors.New("the server offers neither AUTH PLAIN nor AUTH LOGIN")

// Send sends a message once.
func (m Mail) Send(ctx context.Context, message Message) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if err := m.send(ctx, message); err != nil {
		return fmt.Errorf("send a mail through %s: %w", m.Server, m.told(ctx, err))
	}
	return nil
}

func (m Mail) send(ctx context.Context, message Message) error {
	host, _, err := net.SplitHostPort(m.Server)
	if err != nil {
		return fmt.Errorf("not host:port: %w", ErrFinal)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", m.Server)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // ends what waits
	defer stop()
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	defer client.Close() //nolint:errcheck // after Quit it is closed already
	if err := m.greet(client, host, message.Host); err != nil {
		return err
	}
	if err := m.deliver(client, compose(m, message)); err != nil {
		return err
	}
	_ = client.Quit() // the mail was taken
	return nil
}

// greet encrypts and signs in.
func (m Mail) greet(client *smtp.Client, host, name string) error {
	if isHostName(name) {
		if err := client.Hello(name); err != nil {
			return err
		}
	}
	encrypts, _ := client.Extension("STARTTLS")
	switch {
	case encrypts:
		config, err := trusting(m.CABundle)
		if err != nil {
			return err
		}
		config.ServerName = host
		if err := client.StartTLS(config); err != nil {
			return err
		}
	case !loopback(host):
		return fmt.Errorf("%w: %w", errNoTLS, ErrFinal)
	}
	if m.User == "" {
		return nil
	}
	_, ways := client.Extension("AUTH")
	switch ways = " " + strings.ToUpper(ways) + " "; {
	case strings.Contains(ways, " PLAIN "):
		return client.Auth(plainAuth{m.User, m.Password})
	case strings.Contains(ways, " LOGIN "):
		return client.Auth(&loginAuth{user: m.User, password: m.Password})
	}
	return fmt.Errorf("%w: %w", errNoAuth, ErrFinal)
}

func (m Mail) deliver(client *smtp.Client, text []byte) error {
	if err := client.Mail(m.From); err != nil {
		return err
	}
	for _, to := range m.To {
		if err := client.Rcpt(to); err != nil {
			return err
		}
	}
	body, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := body.Write(text); err != nil {
		return err
	}
	return body.Close()
}

// told is an error in one short line, without a password that a server repeats.
func (m Mail) told(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return err // of the network, of TLS, or our own
	}
	const most = 200
	text, _, _ := strings.Cut(answer.Msg, "\n")
	text = secret.Mask(text, m.Password)
	text = fmt.Sprintf("the server says %d %.*s", answer.Code, most, strings.ToValidUTF8(text, "?"))
	if answer.Code >= 500 {
		return fmt.Errorf("%s: %w", text, ErrFinal)
	}
	return errors.New(text)
}

// plainAuth is AUTH PLAIN, RFC 4616. The way to the server was looked at before.
type plainAuth struct {
	user     string
	password secret.Value
}

func (a plainAuth) Start(*smtp.ServerInfo) (string, []byte, error) {
	return "PLAIN", []byte("\x00" + a.user + "\x00" + a.password.Reveal()), nil
}

func (plainAuth) Next(_ []byte, more bool) ([]byte, error) {
	if more {
		return nil, errNoAuth
	}
	return nil, nil
}

// loginAuth is AUTH LOGIN, which Exchange offers: user and password, each when it
// is asked for.
type loginAuth struct {
	user     string
	password secret.Value
	asked    int
}

func (a *loginAuth) Start(*smtp.ServerInfo) (string, []byte, error) { return "LOGIN", nil, nil }

func (a *loginAuth) Next(_ []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	a.asked++
	switch a.asked {
	case 1:
		return []byte(a.user), nil
	case 2:
		return []byte(a.password.Reveal()), nil
	}
	return nil, errNoAuth
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
