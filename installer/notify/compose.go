package notify

import (
	"bytes"
	"mime"
	"mime/quotedprintable"
	"regexp"
	"strings"
	"time"
)

// compose is a message as a mail, RFC 5322, in plain text.
func compose(m Mail, message Message) []byte {
	var b bytes.Buffer
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	header("From", "<"+m.From+">")
	header("To", "<"+strings.Join(m.To, ">,\r\n <")+">")
	header("Subject", mime.QEncoding.Encode("utf-8", oneLine(message.Subject)))
	header("Date", message.At.UTC().Format(time.RFC1123Z))
	header("Message-ID", "<"+message.ID+"@"+m.From[strings.LastIndexByte(m.From, '@')+1:]+">")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	header("Auto-Submitted", "auto-generated")
	header("X-Auto-Response-Suppress", "All") // Exchange: no notes of absence
	if message.Severity == Critical {
		header("Importance", "high")
	}
	b.WriteString("\r\n")
	body := quotedprintable.NewWriter(&b)
	_, _ = body.Write([]byte(strings.ReplaceAll(message.Text, "\n", "\r\n"))) // into memory
	_ = body.Close()
	return b.Bytes()
}

// oneLine keeps a text from becoming headers of its own.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
}

// isHostName reports whether a text can stand behind EHLO.
func isHostName(text string) bool {
	return regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$`).MatchString(text)
}
