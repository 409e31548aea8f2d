package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/access"
)

const serviceSID = "S-1-5-80-1-2-3-4-5"

func TestAListIsForTheSystemAdministratorsAndThoseNamed(t *testing.T) {
	for got, want := range map[string]string{
		access.List(false): "D:P(A;;FA;;;SY)(A;;FA;;;BA)",
		access.List(false, access.Grant{SID: serviceSID, Rights: access.Read}, access.Grant{}): "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;" + serviceSID + ")",
		access.List(true, access.Grant{SID: serviceSID, Rights: access.Change}):                "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;" + serviceSID + ")",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		parsed := parse(t, got)
		if who := append(parsed.Readers(), parsed.Changers()...); len(who) != 0 {
			t.Errorf("%q: got %q, want nobody", got, who)
		}
	}
}

func parse(t *testing.T, sddl string) access.Descriptor {
	t.Helper()
	d, err := access.Parse(sddl)
	if err != nil {
		t.Fatalf("%q: %v", sddl, err)
	}
	return d
}

func TestLargeGroupsThatCanReadAreNamed(t *testing.T) {
	for sddl, want := range map[string]string{
		// What a file below %ProgramData% gets from its folder.
		"O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)": "Users",
		"D:(A;;FA;;;BA)(A;;GR;;;AU)(A;;1;;;WD)":                        "Authenticated Users,Everyone",
		"D:(A;;FX;;;WD)(A;;RCSDWDWO;;;BU)":                             "",
		"D:(A;OICIIO;FA;;;BU)":                                         "", // for what will be made in it
		"D:(A;OICI;FR;;;S-1-5-32-545)":                                 "Users",
		"D:(A;;FR;;;S-1-5-21-1-2-3-513)(A;;FR;;;S-1-5-21-1-2-3-1104)":  "Domain Users",
		"D:(D;;FR;;;BU)(A;;FA;;;BU)":                                   "", // reading is denied before
		"D:(A;;FA;;;BU)(D;;FR;;;BU)":                                   "Users",
		`D:(XA;;FR;;;WD;(Member_of {SID(BA)}))(A;;FA;;;SY)`:            "Everyone",
		"O:BAG:BA":            "Everyone", // no list at all
		"D:NO_ACCESS_CONTROL": "Everyone",
		"D:P":                 "", // a list that grants nothing
		"O:S-1-5-80-1G:BAD:PAI(A;;FA;;;S-1-5-80-1)S:AI(AU;SA;FA;;;WD)": "",
	} {
		d := parse(t, sddl)
		if got := strings.Join(d.Readers(), ","); got != want {
			t.Errorf("%q: got %q, want %q", sddl, got, want)
		}
	}
}

func TestLargeGroupsThatCanChangeAreNamed(t *testing.T) {
	for sddl, want := range map[string]string{
		// %ProgramData% itself: users make folders in it.
		"D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)(A;CI;DCLCRPCR;;;BU)": "Users",
		"D:(A;;0x1200a9;;;BU)":           "",
		"D:(A;;WD;;;IU)":                 "INTERACTIVE",
		"D:(A;;SD;;;BU)":                 "Users",
		"D:(A;;GW;;;S-1-1-0)":            "Everyone",
		"D:(A;;FA;;;" + serviceSID + ")": "",
	} {
		d := parse(t, sddl)
		if got := strings.Join(d.Changers(), ","); got != want {
			t.Errorf("%q: got %q, want %q", sddl, got, want)
		}
	}
}

func TestAClosedListLeavesOutLargeGroupsAlone(t *testing.T) {
	for sddl, want := range map[string]string{
		"D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)": "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;" + serviceSID + ")",
		// The service and a backup operator had been granted it, and guests are still denied.
		"D:(A;;FR;;;WD)(A;;0x1301bf;;;" + serviceSID + ")(A;ID;FR;;;BO)(D;;FA;;;LG)": "D:P(D;;FA;;;LG)(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1301bf;;;" + serviceSID + ")(A;;FR;;;BO)",
		"D:NO_ACCESS_CONTROL": "D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;" + serviceSID + ")",
	} {
		closed := parse(t, sddl).Closed(serviceSID, "", strings.ToLower(serviceSID))
		if closed != want {
			t.Errorf("%q: got %q, want %q", sddl, closed, want)
		}
		again := parse(t, closed)
		if who := again.Readers(); len(who) != 0 {
			t.Errorf("%q: got %q, want nobody", closed, who)
		}
		if twice := again.Closed(serviceSID); !slices.Equal(strings.Split(twice, "("), strings.Split(closed, "(")) {
			t.Errorf("got %q when closed again, want %q", twice, closed)
		}
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	for _, sddl := range []string{"D:(A;;FA;;;BA", "D:(A;;FA)", "D:(A;;QQ;;;BA)", "D:(A;;F;;;BA)", "D:(A;;0xzz;;;BA)", "D:(A;;FA;;;)", "D:()x", "D:" + strings.Repeat("(A;;FA;;;BA)", 1<<17)} {
		if _, err := access.Parse(sddl); !errors.Is(err, access.ErrList) {
			t.Errorf("%.40q: got %v, want %v", sddl, err, access.ErrList)
		}
	}
}

func FuzzAClosedListIsClosed(f *testing.F) {
	f.Add("O:BAG:SYD:AI(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)")
	f.Add(`D:(XA;;FR;;;WD;(Member_of {SID(BA)}))`)
	f.Fuzz(func(t *testing.T, sddl string) {
		d, err := access.Parse(sddl)
		if err != nil {
			return
		}
		closed, err := access.Parse(d.Closed(serviceSID))
		if err != nil {
			t.Fatalf("%q becomes %q: %v", sddl, d.Closed(serviceSID), err)
		}
		if who := append(closed.Readers(), closed.Changers()...); len(who) != 0 {
			t.Errorf("%q becomes %q: got %q, want nobody", sddl, d.Closed(serviceSID), who)
		}
	})
}
