package eventlog

import "fmt"

// Fields are what the journal of systemd holds of an event beside its text:
// journalctl EMPOWER_EVENT_ID=1003 finds every failure.
func Fields(e Event) map[string]string {
	return map[string]string{
		"SYSLOG_IDENTIFIER":   "empower-backend-installer",
		"EMPOWER_EVENT_ID":    fmt.Sprint(uint32(e.ID)),
		"EMPOWER_ENVIRONMENT": e.Environment,
		"EMPOWER_RUN":         e.Run,
	}
}

// Priority is that of syslog(3), RFC 5424 6.2.1.
func Priority(s Severity) int {
	switch s {
	case Error:
		return 3
	case Warning:
		return 4
	case Information:
	}
	return 6
}
