package watch

import (
	"time"

	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/notify"
)

// gauges are how things stand, in numbers. What is not known has none.
func gauges(s expiry.State, l expiry.Limits, now time.Time) []notify.Gauge {
	var all []notify.Gauge
	add := func(name, help string, value float64) {
		all = append(all, notify.Gauge{Name: "empower_" + name, Help: help, Value: value})
	}
	if days, ok := expiry.DaysLeft(s.LastDay, now); ok {
		add("client_secret_days_left", "Days after today on which the client secret works, below 0 once it has ended.", float64(days))
	}
	if end, ok := expiry.End(s.LastDay); ok {
		add("client_secret_end_timestamp_seconds", "When the last day of the client secret is over, by UTC.", float64(end.Unix()))
	}
	switch {
	case s.Refused != "":
		add("client_secret_accepted", "Whether Entra ID accepted the client secret when it judged it last.", 0)
	case !s.ProvenAt.IsZero():
		add("client_secret_accepted", "Whether Entra ID accepted the client secret when it judged it last.", 1)
	}
	if !s.ProvenAt.IsZero() {
		add("client_secret_proven_timestamp_seconds", "When Entra ID accepted the client secret last.", float64(s.ProvenAt.Unix()))
	}
	if !s.Checked.IsZero() {
		add("watch_checked_timestamp_seconds", "When the client secret was checked last.", float64(s.Checked.Unix()))
	}
	add("watch_level", "How grave it is: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.", float64(s.Level(l, now).Status()))
	return all
}
