package expiry

import (
	"fmt"
	"strings"
	"time"
)

// About is what warnings are told of.
type About struct {
	Environment  string
	Host         string
	Product      string
	CredentialID string // "" when it is not known
	Configure    string // the command line that takes a new secret
}

// Grave reports whether a warning is more than a reminder.
func (w Warning) Grave(l Limits) bool {
	return w.Kind == Denied || w.Kind == Over || w.Kind == Near && w.Threshold <= l.Critical
}

// Says is the warning as the end of a sentence that began with the environment.
func (w Warning) Says() string {
	switch w.Kind {
	case Near:
		return "the client secret " + expires(w.DaysLeft, w.LastDay)
	case Over:
		return "the last day of the client secret is over: " + w.LastDay
	case Denied:
		return "Entra ID refuses the client secret: " + reason(w.Reason)
	case Unknown:
		return "the last day of the client secret is not known, so nobody can be warned before it"
	case Trial:
	}
	return "a test of the warnings: nothing is the matter"
}

// reason is a class of refusals in words for people.
func reason(class string) string {
	switch class {
	case "secret-expired":
		return "it has expired (AADSTS7000222)"
	case "secret-wrong":
		return "it is not known, or was deleted (AADSTS7000215)"
	}
	return class
}

func expires(days int, lastDay string) string {
	switch days {
	case 0:
		return "expires today (" + lastDay + ")"
	case 1:
		return "expires tomorrow (" + lastDay + ")"
	}
	return fmt.Sprintf("expires in %d days (%s)", days, lastDay)
}

// Subject is the warning in a line.
func (w Warning) Subject(a About) string {
	return fmt.Sprintf("%s, environment %s on %s: %s", a.Product, a.Environment, a.Host, w.Says())
}

// Text is the warning in lines.
func (w Warning) Text(a About) string {
	lines := []string{w.Subject(a), ""}
	if a.CredentialID != "" {
		lines = append(lines, "Secret ID: "+a.CredentialID)
	}
	switch w.Kind {
	case Trial:
		lines = append(lines, "Warnings of this host arrive here.")
	case Unknown:
		lines = append(lines, "The portal shows it: Entra admin center > App registrations > your app > Certificates & secrets.",
			"Then run: "+a.Configure+" --expires DATE")
	case Near, Over, Denied:
		lines = append(lines, "Create a new one: Entra admin center > App registrations > your app > Certificates & secrets > New client secret.",
			"Then run, and paste its Value: "+a.Configure,
			"Delete the old one in the portal after that, not before.")
	}
	return strings.Join(append(lines, ""), "\n")
}

// Stands is how the secret stands, warned of or not, as the end of a sentence that
// began with the environment.
func (s State) Stands(now time.Time) string {
	var says string
	days, known := DaysLeft(s.LastDay, now)
	switch {
	case s.Refused != "":
		says = Warning{Kind: Denied, Reason: s.Refused}.Says()
	case !known:
		says = "the last day of the client secret is not known"
	case days < 0:
		says = Warning{Kind: Over, LastDay: s.LastDay}.Says()
	default:
		says = "the client secret " + expires(days, s.LastDay)
	}
	switch {
	case s.Refused != "":
	case !s.ProvenAt.IsZero():
		says += ", Entra ID accepted it " + Ago(now.Sub(s.ProvenAt))
	}
	if s.Verdict.Answer == NoVerdict {
		says += ", no verdict at the last check: " + s.Verdict.Reason
	}
	return says
}

// Ago is how long ago something was.
func Ago(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d < time.Minute:
		return "just now"
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min ago", int(d/time.Minute))
	case d < 2*day:
		return fmt.Sprintf("%d h ago", int(d/time.Hour))
	}
	return fmt.Sprintf("%d days ago", int(d/day))
}
