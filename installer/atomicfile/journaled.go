package atomicfile

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

// inBytes begins a path that is no UTF-8, which JSON would change. Every other
// path is absolute, and does not begin so.
const inBytes = "base64:"

// plainPending is a Pending without methods, or they would call themselves.
type plainPending Pending

func (p *plainPending) paths() []*string { return []*string{&p.Path, &p.Real, &p.Temp, &p.Backup} }

// MarshalJSON keeps every path, whatever bytes it has.
func (p Pending) MarshalJSON() ([]byte, error) {
	plain := plainPending(p)
	for _, path := range plain.paths() {
		if !utf8.ValidString(*path) {
			*path = inBytes + base64.StdEncoding.EncodeToString([]byte(*path))
		}
	}
	return json.Marshal(plain)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Pending) UnmarshalJSON(text []byte) error {
	var plain plainPending
	if err := json.Unmarshal(text, &plain); err != nil {
		return err
	}
	for _, path := range plain.paths() {
		coded, ok := strings.CutPrefix(*path, inBytes)
		if !ok {
			continue
		}
		bytes, err := base64.StdEncoding.DecodeString(coded)
		if err != nil {
			return fmt.Errorf("a path: %w", err)
		}
		*path = string(bytes)
	}
	*p = Pending(plain)
	return nil
}
