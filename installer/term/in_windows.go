package term

import (
	"os"

	"golang.org/x/sys/windows"
)

// given reports whether the program got a stream: one that the service manager or
// the task scheduler started has none.
func given(stream *os.File) bool {
	handle := windows.Handle(stream.Fd())
	if handle == 0 || handle == windows.InvalidHandle {
		return false
	}
	_, err := windows.GetFileType(handle)
	return err == nil
}
