package document

import (
	"github.com/empowersuite/backend-installer/installer/document/syntax"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// MaxBytes is what a caller should read of a file at most.
const MaxBytes = 256 << 20

// Slot is a place in a file. What At means is the format's: see the package
// documentation.
type Slot struct {
	At           string
	FinalNewline bool // Raw only: the file ends in a newline that is not part of the value
}

// Match is a value that was found.
type Match struct {
	Value  secret.Value
	Line   int
	Column int
}

// Change is a value to put in a slot.
type Change struct {
	Slot  Slot
	Value secret.Value
}

// CheckAt refuses what is no address of a format, whatever the file.
func CheckAt(f Format, at string) error {
	d, err := described(f)
	if err != nil {
		return err
	}
	file, err := d.open([]byte(d.smallest))
	if err != nil {
		return err
	}
	if _, err := file.Find(at); syntax.Is(err, syntax.BadPointer) {
		return err
	}
	return nil
}

func open(src []byte, f Format, finalNewline bool) (syntax.File, error) {
	if f == Raw {
		return openRaw(src, finalNewline)
	}
	d, err := described(f)
	if err != nil {
		return nil, err
	}
	return d.open(src)
}
