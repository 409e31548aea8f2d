package term

import (
	"os"
	"unsafe"

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

// colours makes a console show colours, which it does not by itself; consoles
// before Windows Server 2016 cannot.
func colours(stream *os.File) bool {
	handle := windows.Handle(stream.Fd())
	var mode uint32
	if err := windows.GetConsoleMode(handle, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// inServicesSession reports session 0, where no person logs on.
func inServicesSession() bool {
	var session uint32
	err := windows.ProcessIdToSessionId(windows.GetCurrentProcessId(), &session)
	return err == nil && session == 0
}

// Processes is how many processes share the console; 0 where there is none, and
// where the system does not count them.
func Processes() int {
	list := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")
	if list.Find() != nil {
		return 0
	}
	var ids [2]uint32                                                             // more are only counted
	count, _, _ := list.Call(uintptr(unsafe.Pointer(&ids[0])), uintptr(len(ids))) //nolint:gosec // the system writes to it
	return int(count)
}
