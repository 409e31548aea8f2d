package access

import (
	"fmt"
	"slices"
	"strings"
)

// group is one that nobody chose the members of.
type group struct{ alias, sid, name string }

// everybody are the groups that hold people and programs whom nobody chose to
// show a secret to.
func everybody() []group {
	return []group{
		{"WD", "S-1-1-0", "Everyone"},
		{"AN", "S-1-5-7", "ANONYMOUS LOGON"},
		{"AU", "S-1-5-11", "Authenticated Users"},
		{"BU", "S-1-5-32-545", "Users"},
		{"BG", "S-1-5-32-546", "Guests"},
		{"IU", "S-1-5-4", "INTERACTIVE"},
		{"NU", "S-1-5-2", "NETWORK"},
		{"SU", "S-1-5-6", "SERVICE"},
		{"", "S-1-5-3", "BATCH"},
		{"", "S-1-2-0", "LOCAL"},
		{"AC", "S-1-15-2-1", "ALL APPLICATION PACKAGES"},
		{"", "S-1-15-2-2", "ALL RESTRICTED APPLICATION PACKAGES"},
		{"DU", "", "Domain Users"},
		{"DG", "", "Domain Guests"},
		{"DC", "", "Domain Computers"},
	}
}

// large names the group of a SID; "" for a trustee that somebody chose.
func large(sid string) string {
	for _, g := range everybody() {
		if sid == g.sid && g.sid != "" || sid == g.alias && g.alias != "" {
			return g.name
		}
	}
	if !strings.HasPrefix(sid, "S-1-5-21-") {
		return ""
	}
	for suffix, name := range map[string]string{"-513": "Domain Users", "-514": "Domain Guests", "-515": "Domain Computers"} {
		if strings.HasSuffix(sid, suffix) {
			return name
		}
	}
	return ""
}

// Readers are the large groups whose members can read, sorted; "Everyone" where
// there is no list. What is denied to a group before it is granted is not
// granted.
func (d Descriptor) Readers() []string { return d.who(anyRead) }

// Changers are the large groups whose members can change or remove, sorted.
func (d Descriptor) Changers() []string { return d.who(anyChange) }

func (d Descriptor) who(bits uint32) []string {
	if d.open {
		return []string{"Everyone"}
	}
	var names []string
	denied := map[string]uint32{}
	for _, e := range d.entries {
		name := large(e.sid)
		switch {
		case !e.applies || name == "":
		case e.denies:
			denied[name] |= e.mask
		case e.mask&bits&^denied[name] != 0 && !slices.Contains(names, name):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Closed is the list without what large groups are granted, which takes nothing
// from its folder any more. The system and administrators get everything, and
// each of these SIDs gets to read, if they are not granted it already.
func (d Descriptor) Closed(readers ...string) string {
	var denials, grants string
	told := []string{"SY", "S-1-5-18", "BA", "S-1-5-32-544"}
	for _, e := range d.entries {
		switch {
		case !e.applies || large(e.sid) != "" || slices.Contains(told, e.sid):
		case e.denies:
			denials += e.alone()
		default:
			grants += e.alone()
		}
	}
	for _, sid := range readers {
		sid = strings.ToUpper(sid)
		if sid != "" && !d.lets(sid) && !slices.Contains(told, sid) {
			grants += fmt.Sprintf("(A;;%s;;;%s)", Read, sid)
			told = append(told, sid)
		}
	}
	return "D:P" + denials + "(A;;FA;;;SY)(A;;FA;;;BA)" + grants
}

// alone is the entry without what it says of inheritance.
func (e entry) alone() string {
	fields := slices.Clone(e.fields)
	fields[1] = ""
	return "(" + strings.Join(fields, ";") + ")"
}

// lets reports whether a trustee is granted to read.
func (d Descriptor) lets(sid string) bool {
	return slices.ContainsFunc(d.entries, func(e entry) bool {
		return e.applies && !e.denies && e.sid == sid && e.mask&anyRead != 0
	})
}
