package atomicfile

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// metadata is what a replacement keeps of a file besides its content, in a form
// that can be compared. A key is a word for people, and never a value.
type metadata map[string]string

// The keys that are the same on every system. ownerKey comes first where several
// differ: it is the cause of the others.
const (
	ownerKey        = "owner"
	modeKey         = "mode"
	flagsKey        = "flags (chattr)"
	attributePrefix = "attribute "
)

// sum tells whether metadata changed, without what changes by itself (btrfs
// marks what does not compress) or what only some accounts are shown.
func (m metadata) sum() string {
	var all strings.Builder
	for _, key := range slices.Sorted(maps.Keys(m)) {
		if key != flagsKey && !strings.HasPrefix(key, attributePrefix+"trusted.") {
			fmt.Fprintf(&all, "%q%q", key, m[key])
		}
	}
	return hash([]byte(all.String()))
}

// unlike names one thing that differs; "" when nothing does.
func (m metadata) unlike(other metadata) string {
	if m[ownerKey] != other[ownerKey] {
		return ownerKey
	}
	keys := slices.Sorted(maps.Keys(m))
	for key := range other {
		if _, ok := m[key]; !ok {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		mine, here := m[key]
		if theirs, there := other[key]; here != there || mine != theirs {
			return key
		}
	}
	return ""
}

// wouldLose says what a rename of one file over another would lose.
func (m metadata) wouldLose(staged string) string {
	other, err := metadataOf(staged)
	if err != nil {
		return "what was staged cannot be looked at"
	}
	for key := range other {
		if givenAfter(key) {
			other[key] = m[key]
		}
	}
	if what := m.unlike(other); what != "" {
		return fmt.Sprintf("the file's %s cannot be given to a new file", what)
	}
	return ""
}

// kept fails where a file's metadata are not these.
func (m metadata) kept(path string) error {
	now, err := metadataOf(path)
	if err != nil {
		return err
	}
	if what := m.unlike(now); what != "" {
		return fmt.Errorf("%w: the file's %s", ErrNotKept, what)
	}
	return nil
}
