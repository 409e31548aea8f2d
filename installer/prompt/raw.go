package prompt

import (
	"errors"
	"os"

	xterm "golang.org/x/term"
)

var errNotAFile = errors.New("not a file")

// descriptor is the number of a stream that is a file.
func descriptor(stream any) (int, bool) {
	f, ok := stream.(*os.File)
	if !ok {
		return 0, false
	}
	return int(f.Fd()), true
}

// raw gives every key as it is pressed, without echo, and makes the cursor
// obey. What it returns puts everything back.
func (t *Terminal) raw() (func(), error) {
	in, ok := descriptor(t.io.In)
	if !ok {
		return nil, errNotAFile
	}
	state, err := xterm.MakeRaw(in)
	if err != nil {
		return nil, err
	}
	unprepare, err := prepare(t.io.Err)
	if err != nil {
		return nil, errors.Join(err, xterm.Restore(in, state))
	}
	return func() {
		unprepare()
		_ = xterm.Restore(in, state) // fails only where the terminal is gone
	}, nil
}
