package access_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/access"
)

func TestAGuardTellsWhoCanReadAndChange(t *testing.T) {
	for _, c := range []struct {
		guard, closed     access.Guard
		readers, changers string
	}{
		{"0640", "0640", "", ""},
		{"0644", "0640", "everybody on this host", ""},
		{"0666", "0660", "everybody on this host", "everybody on this host"},
		{"0000", "0000", "", ""},
		{access.GuardOf(0o604), "0600", "everybody on this host", ""},
		{"D:AI(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)", "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;" + serviceSID + ")", "Users", ""},
		{"D:P(A;;FA;;;WD)", "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;" + serviceSID + ")", "Everyone", "Everyone"},
	} {
		readers, err := c.guard.Readers()
		changers, err2 := c.guard.Changers()
		closed, err3 := c.guard.Closed(serviceSID)
		if err = errors.Join(err, err2, err3); err != nil {
			t.Errorf("%q: %v", c.guard, err)
		}
		if got := strings.Join(readers, ","); got != c.readers {
			t.Errorf("%q: read by %q, want %q", c.guard, got, c.readers)
		}
		if got := strings.Join(changers, ","); got != c.changers {
			t.Errorf("%q: changed by %q, want %q", c.guard, got, c.changers)
		}
		if closed != c.closed {
			t.Errorf("%q: closed as %q, want %q", c.guard, closed, c.closed)
		}
	}
}

func TestAGuardThatCannotBeReadIsAnError(t *testing.T) {
	const bad = access.Guard("D:(A;;FA")
	_, err := bad.Readers()
	_, err2 := bad.Changers()
	_, err3 := bad.Closed()
	for _, err := range []error{err, err2, err3} {
		if !errors.Is(err, access.ErrList) {
			t.Errorf("got %v, want %v", err, access.ErrList)
		}
	}
}
