package handoff

import (
	"fmt"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/onetime"
)

// Disclosure says, before an upload, what happens and what the server's operator
// could see.
func Disclosure(kind onetime.Kind, server string, ttl time.Duration, passphrase bool) []string {
	lines := []string{
		fmt.Sprintf("the client secret is sent to %s (%s), for %s or until its link is opened", server, product(kind), ttl),
		"whoever opens the link first gets the secret: the link is as good as the secret",
		"who operates that server, or has taken it over, can read the secret while it arrives",
	}
	switch {
	case kind == onetime.SnapPass:
		lines = append(lines, "what it stores is encrypted with a key that is in the link, which its own access logs may hold, too")
	case passphrase:
		lines = append(lines, "what it stores is encrypted with its own key and the passphrase, which it does not store")
	default:
		lines = append(lines, "what it stores is encrypted with its own key: its operator can read it until the link is opened; a passphrase prevents that")
	}
	return lines
}

func product(kind onetime.Kind) string {
	if kind == onetime.SnapPass {
		return "SnapPass"
	}
	return "Onetime Secret"
}

// Text is the ticket as people read it. It holds the link, and is printed once.
func (t Ticket) Text() string {
	known := func(text, where string) string {
		if text == "" {
			return "not known here; " + where
		}
		return text
	}
	ends := t.Until.UTC().Format("2006-01-02 15:04 UTC") + ", or when it is opened"
	var b strings.Builder
	for _, row := range [][2]string{
		{"Tenant (directory) ID", t.Tenant},
		{"Application (client) ID", t.ClientID},
		{"Secret ID", known(t.CredentialID, "the portal shows it beside the value")},
		{"Secret's last day", known(t.Expires, "the portal shows it beside the value")},
		{"One-time link", t.Link.Reveal()},
		{"The link ends", ends},
	} {
		fmt.Fprintf(&b, "%-24s %s\n", row[0]+":", row[1])
	}
	if t.Passphrase {
		fmt.Fprintf(&b, "%-24s %s\n", "Passphrase:", "wanted; it comes by another way")
	}
	return b.String()
}
