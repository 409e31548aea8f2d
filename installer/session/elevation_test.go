package session_test

import (
	"errors"
	"testing"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/host"
	"github.com/empowersuite/backend-installer/installer/layout"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
)

// account is a host whose caller has the rights of an administrator, or not.
type account struct {
	host.OS

	elevated bool
}

func (a account) Elevated() bool { return a.elevated }

func TestOnWindowsOnlyAnElevatedProcessMayChangeWhatTheHostHas(t *testing.T) {
	windows, linux := layout.Host{GOOS: "windows"}, layout.Host{GOOS: "linux"}
	for name, c := range map[string]struct {
		layout   layout.Host
		root     string
		elevated bool
		refused  bool
	}{
		"windows":                     {windows, windows.StateRoot(), false, true},
		"windows, elevated":           {windows, windows.StateRoot(), true, false},
		"windows, state elsewhere":    {windows, `D:\try`, false, false},
		"linux: the files tell":       {linux, linux.StateRoot(), false, false},
		"windows, elevated elsewhere": {windows, `D:\try`, true, false},
	} {
		d := session.Deps{Layout: c.layout, Host: account{elevated: c.elevated}, Store: site.Store{Root: c.root}}
		err := d.MayChange()
		var problem *fault.Error
		switch {
		case !c.refused && err != nil:
			t.Errorf("%s: got %v", name, err)
		case c.refused && (!errors.As(err, &problem) || problem.Code != fault.NotElevated || problem.Remedy == ""):
			t.Errorf("%s: got %v, want %s with a remedy", name, err, fault.NotElevated)
		}
	}
}
