package notifytest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"sync"
)

// SMTPOptions are what a server does.
type SMTPOptions struct {
	Listen   string   // 127.0.0.1:0 when left out
	NoTLS    bool     // STARTTLS is not offered
	Auth     []string // PLAIN, LOGIN; none asks for nothing
	User     string
	Password string
	Greeting string // another answer than 220 to a connection
	Refuse   string // the answer to MAIL
}

// Mail is what a server took.
type Mail struct {
	From string
	To   []string
	Data string // as it was written, with the dots of SMTP undone
	TLS  bool
	Who  string // who had signed in
}

// SMTP is a server that takes mail, as much of RFC 5321 as a client needs.
type SMTP struct {
	options  SMTPOptions
	listener net.Listener
	config   *tls.Config
	ca       []byte

	mu    sync.Mutex
	mails []Mail
}

// NewSMTP starts a server. Close it.
func NewSMTP(o SMTPOptions) (*SMTP, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	lender := httptest.NewTLSServer(http.NotFoundHandler()) // of a certificate for 127.0.0.1
	defer lender.Close()
	s := &SMTP{
		options: o, listener: listener, config: &tls.Config{Certificates: lender.TLS.Certificates, MinVersion: tls.VersionTLS12},
		ca: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lender.Certificate().Raw}),
	}
	go s.serve()
	return s, nil
}

// Address is host:port.
func (s *SMTP) Address() string { return s.listener.Addr().String() }

// CA is the certificate to trust, in PEM.
func (s *SMTP) CA() []byte { return s.ca }

// Mails are those that were taken.
func (s *SMTP) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Close ends it.
func (s *SMTP) Close() { _ = s.listener.Close() }

func (s *SMTP) serve() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		go func() {
			d := &dialogue{server: s, conn: conn}
			d.run()
			_ = d.conn.Close()
		}()
	}
}

// dialogue is one connection.
type dialogue struct {
	server *SMTP
	conn   net.Conn
	in     *textproto.Reader
	mail   Mail
	secure bool
	who    string
}

func (d *dialogue) say(lines ...string) {
	_, _ = fmt.Fprint(d.conn, strings.Join(lines, "\r\n")+"\r\n")
}

func (d *dialogue) line() (string, bool) {
	text, err := d.in.ReadLine()
	return text, err == nil
}

func (d *dialogue) run() {
	d.in = textproto.NewReader(bufio.NewReader(d.conn))
	if greeting := d.server.options.Greeting; greeting != "" {
		d.say(greeting)
		return
	}
	d.say("220 test ESMTP")
	for {
		line, ok := d.line()
		if !ok || !d.command(line) {
			return
		}
	}
}

func (d *dialogue) command(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO":
		d.hello()
	case "STARTTLS":
		d.say("220 go on")
		d.conn, d.secure = tls.Server(d.conn, d.server.config), true
		d.in = textproto.NewReader(bufio.NewReader(d.conn))
	case "AUTH":
		d.auth(rest)
	case "MAIL":
		d.begin(rest)
	case "RCPT":
		d.mail.To = append(d.mail.To, address(rest))
		d.say("250 ok")
	case "DATA":
		return d.data()
	case "QUIT":
		d.say("221 bye")
		return false
	default:
		d.say("502 not known")
	}
	return true
}

func (d *dialogue) hello() {
	lines := []string{"250-test", "250-8BITMIME"}
	if !d.server.options.NoTLS && !d.secure {
		lines = append(lines, "250-STARTTLS")
	}
	if len(d.server.options.Auth) > 0 {
		lines = append(lines, "250-AUTH "+strings.Join(d.server.options.Auth, " "))
	}
	d.say(append(lines, "250 SIZE 1000000")...)
}

func (d *dialogue) begin(rest string) {
	o := d.server.options
	switch {
	case o.Refuse != "":
		d.say(o.Refuse)
	case len(o.Auth) > 0 && d.who == "":
		d.say("530 sign in first")
	default:
		d.mail = Mail{From: address(rest), TLS: d.secure, Who: d.who}
		d.say("250 ok")
	}
}

func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	text, _, _ := strings.Cut(rest, ">")
	return text
}

func (d *dialogue) data() bool {
	d.say("354 go on")
	text, err := d.in.ReadDotBytes()
	if err != nil {
		return false
	}
	d.mail.Data = string(text)
	d.server.mu.Lock()
	d.server.mails = append(d.server.mails, d.mail)
	d.server.mu.Unlock()
	d.say("250 taken")
	return true
}

func (d *dialogue) auth(rest string) {
	way, given, _ := strings.Cut(rest, " ")
	var user, password string
	switch way {
	case "PLAIN":
		parts := strings.Split(decoded(given), "\x00")
		if len(parts) == 3 {
			user, password = parts[1], parts[2]
		}
	case "LOGIN":
		user, password = d.ask("Username:"), d.ask("Password:")
	}
	if o := d.server.options; user != o.User || password != o.Password {
		// Servers that repeat what they were given are the reason to look.
		d.say("535 5.7.8 wrong: " + password + " " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password)))
		return
	}
	d.who = user
	d.say("235 welcome")
}

func (d *dialogue) ask(what string) string {
	d.say("334 " + base64.StdEncoding.EncodeToString([]byte(what)))
	line, _ := d.line()
	return decoded(line)
}

func decoded(text string) string {
	out, _ := base64.StdEncoding.DecodeString(text)
	return string(out)
}
