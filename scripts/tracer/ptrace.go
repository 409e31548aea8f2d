//go:build faults && linux && amd64

package tracer

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What info.op says.
const (
	atEntry  = 1
	atExit   = 2
	atFilter = 3
)

// info is struct ptrace_syscall_info. At an entry and at a filter, data holds the call's number
// and its arguments; at an exit its result.
type info struct {
	op   uint8
	_    [3]uint8
	_    uint32 // arch
	_    uint64 // instruction pointer
	_    uint64 // stack pointer
	data [7]uint64
	_    uint64 // what the filter says
}

func callInfo(tid int) (info, error) {
	var at info
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid),
		unsafe.Sizeof(at), uintptr(unsafe.Pointer(&at)), 0, 0)
	if errno != 0 {
		return at, errno
	}
	return at, nil
}

// change changes the registers of a thread.
func change(tid int, to func(*unix.PtraceRegs)) error {
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &regs); err != nil {
		return err
	}
	to(&regs)
	return unix.PtraceSetRegs(tid, &regs)
}

// skip makes the kernel do nothing for the call at whose entry the thread is.
func skip(tid int) error {
	return change(tid, func(r *unix.PtraceRegs) { r.Orig_rax = ^uint64(0) })
}

// shorten makes a write write less.
func shorten(tid int, size uint64) error {
	return change(tid, func(r *unix.PtraceRegs) { r.Rdx = size })
}

// answer makes the call at whose exit the thread is return an error.
func answer(tid int, errno syscall.Errno) error {
	return change(tid, func(r *unix.PtraceRegs) { r.Rax = uint64(-int64(errno)) })
}
