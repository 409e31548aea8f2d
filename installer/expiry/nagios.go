package expiry

import (
	"fmt"
	"strings"
	"time"
)

// Standing is how the secret of one environment stands.
type Standing struct {
	Environment string
	Level       Level
	Text        string
	LastDay     string
	Limits      Limits // of the levels
}

// Nagios is one line as plugins of Nagios print it, with performance data, and the
// level of the worst.
func Nagios(all []Standing, now time.Time) (string, Level) {
	worst := OK
	var texts, data []string
	if len(all) == 0 {
		return "EMPOWER UNKNOWN - nothing was looked at\n", NotDecided
	}
	for _, s := range all {
		worst = worst.Worse(s.Level)
		texts = append(texts, s.Environment+": "+plain(s.Text))
		if days, known := DaysLeft(s.LastDay, now); known {
			// A range that a value has to lie in: at the limit it is out already.
			data = append(data, fmt.Sprintf("'days_left_%s'=%d;%d:;%d:", s.Environment, days, s.Limits.Warning+1, s.Limits.Critical+1))
		}
	}
	line := fmt.Sprintf("EMPOWER %s - %s", worst, strings.Join(texts, "; "))
	if len(data) > 0 {
		line += " | " + strings.Join(data, " ")
	}
	return line + "\n", worst
}

// plain leaves out what ends the text of a plugin.
func plain(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || r == '|' }), " ")
}
