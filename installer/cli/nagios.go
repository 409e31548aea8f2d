package cli

import (
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/watch"
)

// statusError ends the program with a status that is not of the table of faults.
type statusError struct{ status int }

func (*statusError) Error() string { return "ended as a plugin of Nagios does" }

// showNagios prints the line of a plugin.
func (a *app) showNagios(all []watch.Outcome) error {
	standings := make([]expiry.Standing, 0, len(all))
	for _, o := range all {
		s := o.Standing
		s.Text = a.hide(s.Text)
		standings = append(standings, s)
	}
	line, level := expiry.Nagios(standings, a.world.Deps.Now())
	write(a.world.IO.Out, line)
	if level == expiry.OK {
		return nil
	}
	return &statusError{level.Status()}
}

// nagios is UNKNOWN where nothing could be checked, and the error itself to everybody
// else. It was told already.
func (a *app) nagios(asked bool, err error) error {
	if err == nil || !asked {
		return err
	}
	write(a.world.IO.Out, "EMPOWER UNKNOWN - nothing was looked at: "+a.hide(err.Error())+"\n")
	return &statusError{expiry.NotDecided.Status()}
}

// troubled is a standing where something went wrong: what was found counts where
// somebody was not warned, and nothing is known otherwise.
func troubled(s expiry.Standing, problem *fault.Error) expiry.Standing {
	if problem.Code == fault.NotDelivered {
		s.Level = s.Level.Worse(expiry.Soon)
		s.Text += "; " + problem.What
		return s
	}
	s.Level, s.Text = expiry.NotDecided, problem.Error()
	return s
}
