package prompt

import (
	"io"

	"golang.org/x/sys/windows"
)

// prepare makes a console understand cursor sequences; consoles before Windows
// Server 2016 do not.
func prepare(stream io.Writer) (func(), error) {
	fd, ok := descriptor(stream)
	if !ok {
		return nil, errNotAFile
	}
	handle := windows.Handle(fd)
	var mode uint32
	if err := windows.GetConsoleMode(handle, &mode); err != nil {
		return nil, err
	}
	err := windows.SetConsoleMode(handle, mode|windows.ENABLE_PROCESSED_OUTPUT|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
	if err != nil {
		return nil, err
	}
	return func() { _ = windows.SetConsoleMode(handle, mode) }, nil
}
