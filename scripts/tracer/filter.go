//go:build faults && linux && amd64

package tracer

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// filter is a program for the kernel, struct sock_filter by struct sock_filter.
type filter []unix.SockFilter

// Offsets in struct seccomp_data.
const (
	atNumber  = 0
	atPointer = 8 // the instruction's address, its lower half first
	atArgs    = 16
)

// newFilter lets the kernel stop at the calls that write, when they come from
// the code of the program itself: what it starts inherits the filter, is not
// traced, and stands elsewhere in its memory. It is nil for a program that can
// stand anywhere itself.
func newFilter(program string) (filter, error) {
	limit, err := codeLimit(program)
	if err != nil || limit == 0 {
		return nil, err
	}
	var numbers []uint64
	for number := range calls() {
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return filterBelow(limit, numbers), nil
}

// codeLimit is where the code of a program ends; 0 where it has no fixed place.
func codeLimit(program string) (uint32, error) {
	file, err := elf.Open(program)
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // read-only
	if file.Type != elf.ET_EXEC {
		return 0, nil
	}
	var limit uint64
	for _, p := range file.Progs {
		if p.Type == elf.PT_LOAD && p.Flags&elf.PF_X != 0 {
			limit = max(limit, p.Vaddr+p.Memsz)
		}
	}
	if limit >= 1<<32 {
		return 0, nil
	}
	return uint32(limit), nil
}

func filterBelow(limit uint32, numbers []uint64) filter {
	const load, equal, atLeast, anyOf, end = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K,
		unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	n := uint8(len(numbers))
	f := filter{
		{Code: load, K: atPointer + 4},
		{Code: equal, K: 0, Jf: n + 6},
		{Code: load, K: atPointer},
		{Code: atLeast, K: limit, Jt: n + 4},
		{Code: load, K: atNumber},
		{Code: equal, K: unix.SYS_OPENAT, Jf: 2},
		{Code: load, K: atArgs + 2*8},
		{Code: anyOf, K: openWrites, Jt: n + 1, Jf: n},
	}
	for i, number := range numbers {
		f = append(f, unix.SockFilter{Code: equal, K: uint32(number), Jt: n - uint8(i)})
	}
	return append(f, unix.SockFilter{Code: end, K: unix.SECCOMP_RET_ALLOW}, unix.SockFilter{Code: end, K: unix.SECCOMP_RET_TRACE})
}

// install makes a program that has just been started, and not run yet, set the
// filter: its first instructions are replaced for as long as that takes.
func (f filter) install(pid int) error {
	var before unix.PtraceRegs
	if err := unix.PtraceGetRegs(pid, &before); err != nil {
		return err
	}
	const redZone = 4096
	at := (before.Rsp - redZone) &^ 15
	program := at - uint64(8*len(f))
	header := binary.LittleEndian.AppendUint64(nil, uint64(len(f)))
	header = binary.LittleEndian.AppendUint64(header, program)
	code, err := binary.Append(nil, binary.LittleEndian, []unix.SockFilter(f))
	if err != nil {
		return err
	}
	instructions := []byte{0x0f, 0x05, 0xcc} // syscall; int3
	saved := make([]byte, len(instructions))
	_, err = unix.PtracePeekText(pid, uintptr(before.Rip), saved)
	for _, w := range []struct {
		at   uint64
		data []byte
	}{{program, code}, {at, header}, {before.Rip, instructions}} {
		if err == nil {
			_, err = unix.PtracePokeData(pid, uintptr(w.at), w.data)
		}
	}
	if err != nil {
		return err
	}
	err = errors.Join(
		makeCall(pid, before, unix.SYS_PRCTL, [3]uint64{unix.PR_SET_NO_NEW_PRIVS, 1, 0}),
		makeCall(pid, before, unix.SYS_SECCOMP, [3]uint64{unix.SECCOMP_SET_MODE_FILTER, 0, at}),
	)
	_, pokeErr := unix.PtracePokeText(pid, uintptr(before.Rip), saved)
	return errors.Join(err, pokeErr, unix.PtraceSetRegs(pid, &before))
}

// makeCall makes the program make a system call.
func makeCall(pid int, regs unix.PtraceRegs, number uint64, args [3]uint64) error {
	regs.Rax, regs.Orig_rax = number, ^uint64(0)
	regs.Rdi, regs.Rsi, regs.Rdx, regs.R10, regs.R8 = args[0], args[1], args[2], 0, 0
	if err := errors.Join(unix.PtraceSetRegs(pid, &regs), unix.PtraceCont(pid, 0)); err != nil {
		return err
	}
	var status unix.WaitStatus
	if _, err := wait(pid, &status); err != nil {
		return err
	}
	if err := unix.PtraceGetRegs(pid, &regs); err != nil {
		return err
	}
	if !status.Stopped() || status.StopSignal() != unix.SIGTRAP || regs.Rax != 0 {
		return fmt.Errorf("system call %d of the program (wait status %#x): %w", number, status, unix.Errno(-int64(regs.Rax)))
	}
	return nil
}
