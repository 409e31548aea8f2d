//go:build faults && linux && amd64

package tracer

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Command is the program to run. Its standard input is empty.
type Command struct {
	Argv   []string
	Env    []string
	Dir    string
	Stdout *os.File
	Stderr *os.File
	Limit  time.Duration // after which it is killed
}

// Outcome is how a program ended.
type Outcome struct {
	Exit    int  // -1 where a signal ended it
	Killed  bool // by a fault
	Overdue bool // killed because Limit was over
	Took    time.Duration
}

// Run runs a program to its end.
func Run(c Command, o Observer) (Outcome, error) {
	type result struct {
		outcome Outcome
		err     error
	}
	done := make(chan result)
	go func() {
		// The kernel takes requests on a program from the thread that started it.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		outcome, err := run(c, o)
		done <- result{outcome, err}
	}()
	r := <-done
	return r.outcome, r.err
}

func run(c Command, o Observer) (Outcome, error) {
	began := time.Now()
	t := &trace{observer: o, families: map[string]bool{}, threads: map[int]*pending{}}
	if err := t.start(c); err != nil {
		return Outcome{}, fmt.Errorf("trace %q: %w", c.Argv[0], err)
	}
	watch := time.AfterFunc(c.Limit, func() {
		t.overdue.Store(true)
		_ = unix.Kill(t.pid, unix.SIGKILL)
	})
	defer watch.Stop()
	err := t.follow()
	t.outcome.Overdue, t.outcome.Took = t.overdue.Load(), time.Since(began)
	if err != nil {
		return t.outcome, fmt.Errorf("trace %q: %w", c.Argv[0], err)
	}
	return t.outcome, nil
}

// trace is one program that is followed.
type trace struct {
	pid      int
	observer Observer
	threads  map[int]*pending // nil: no call of interest is under way
	families map[string]bool
	filtered bool // only the calls of interest stop
	number   int
	outcome  Outcome
	overdue  atomic.Bool
}

// pending is a call that is under way, and what was done to it.
type pending struct {
	call  *Call
	fault Fault
}

func (t *trace) start(c Command) error {
	f, err := newFilter(c.Argv[0])
	if err != nil {
		return err
	}
	null, err := os.Open(os.DevNull)
	if err != nil {
		return err
	}
	defer null.Close() //nolint:errcheck // read-only
	t.pid, err = syscall.ForkExec(c.Argv[0], c.Argv, &syscall.ProcAttr{
		Dir: c.Dir, Env: c.Env, Files: []uintptr{null.Fd(), c.Stdout.Fd(), c.Stderr.Fd()},
		Sys: &syscall.SysProcAttr{Ptrace: true, Setpgid: true},
	})
	if err != nil {
		return err
	}
	var status unix.WaitStatus
	if _, err := wait(t.pid, &status); err != nil {
		return err
	}
	t.threads[t.pid] = nil
	err = unix.PtraceSetOptions(t.pid,
		unix.PTRACE_O_TRACECLONE|unix.PTRACE_O_TRACESYSGOOD|unix.PTRACE_O_TRACESECCOMP|unix.PTRACE_O_EXITKILL)
	if f != nil && err == nil {
		t.filtered, err = true, f.install(t.pid)
	}
	if err == nil {
		err = t.resume(t.pid, 0)
	}
	if err != nil {
		return errors.Join(err, unix.Kill(t.pid, unix.SIGKILL))
	}
	return nil
}

// resume goes on to the next stop: to a call's end where it is one of interest,
// else to the next such call.
func (t *trace) resume(tid int, signal unix.Signal) error {
	if t.filtered && t.threads[tid] == nil {
		return unix.PtraceCont(tid, int(signal))
	}
	return unix.PtraceSyscall(tid, int(signal))
}

// wait waits for a thread of a process group, and for nobody else: this thread may
// have other children.
func wait(group int, status *unix.WaitStatus) (int, error) {
	for {
		tid, err := unix.Wait4(-group, status, unix.WALL|unix.WNOTHREAD, nil)
		if !errors.Is(err, unix.EINTR) {
			return tid, err
		}
	}
}

// follow goes from stop to stop until no thread is left.
func (t *trace) follow() error {
	for {
		var status unix.WaitStatus
		tid, err := wait(t.pid, &status)
		if errors.Is(err, unix.ECHILD) {
			return nil
		}
		if err != nil {
			return errors.Join(err, unix.Kill(t.pid, unix.SIGKILL))
		}
		if !status.Stopped() {
			t.ended(tid, status)
			continue
		}
		signal, err := t.stopped(tid, status)
		if err != nil && !errors.Is(err, unix.ESRCH) { // killed meanwhile
			return errors.Join(err, unix.Kill(t.pid, unix.SIGKILL))
		}
		if err := t.resume(tid, signal); err != nil && !errors.Is(err, unix.ESRCH) {
			return errors.Join(err, unix.Kill(t.pid, unix.SIGKILL))
		}
	}
}

func (t *trace) ended(tid int, status unix.WaitStatus) {
	delete(t.threads, tid)
	if tid != t.pid {
		return
	}
	t.outcome.Exit = -1
	if status.Exited() {
		t.outcome.Exit = status.ExitStatus()
	}
}

// sysgood marks the stops at a system call.
const sysgood = unix.SIGTRAP | 0x80

// stopped handles a stop, and returns the signal to go on with.
func (t *trace) stopped(tid int, status unix.WaitStatus) (unix.Signal, error) {
	signal := status.StopSignal()
	_, known := t.threads[tid]
	switch {
	case signal == sysgood, status.TrapCause() == unix.PTRACE_EVENT_SECCOMP:
		return 0, t.atCall(tid)
	case signal == unix.SIGTRAP: // a thread was begun
		return 0, nil
	case signal == unix.SIGSTOP && !known: // it is the new thread
		t.threads[tid] = nil
		return 0, nil
	}
	return signal, nil
}

func (t *trace) atCall(tid int) error {
	at, err := callInfo(tid)
	switch {
	case err != nil:
		return err
	case at.op == atEntry && !t.filtered, at.op == atFilter:
		return t.enter(tid, at)
	case at.op == atExit:
		return t.leave(tid, at)
	}
	return nil
}

func (t *trace) enter(tid int, at info) error {
	how, interesting := calls()[at.data[0]]
	if !interesting || t.outcome.Killed {
		return nil
	}
	call := &Call{Name: how.name, FD: -1, UID: -1, GID: -1}
	p := place{pid: t.pid, tid: tid, args: [6]uint64(at.data[1:]), families: t.families}
	if !how.decode(p, call) {
		return nil
	}
	t.number++
	call.Number = t.number
	fault := t.observer.Enter(call)
	t.threads[tid] = &pending{call, fault}
	switch fault.Act {
	case Fail:
		return skip(tid)
	case Torn, Short:
		return shorten(tid, max(1, uint64(call.Size/2)))
	case KillBefore:
		return errors.Join(skip(tid), t.kill())
	case Let, KillAfter:
	}
	return nil
}

func (t *trace) leave(tid int, at info) error {
	p := t.threads[tid]
	if p == nil {
		return nil
	}
	t.threads[tid] = nil
	result := int64(at.data[0])
	if p.fault.Act == Fail {
		if err := answer(tid, p.fault.Errno); err != nil {
			return err
		}
		result = -int64(p.fault.Errno)
	}
	p.call.Result = result
	if result < 0 {
		p.call.Errno = syscall.Errno(-result)
	}
	if result >= 0 && p.call.Inode == 0 && p.call.Target == "" {
		p.call.Made = inode(p.call.Path, false)
	}
	t.observer.Leave(p.call)
	if p.fault.Act == KillAfter || p.fault.Act == Torn {
		return t.kill()
	}
	return nil
}

func (t *trace) kill() error {
	t.outcome.Killed = true
	return unix.Kill(t.pid, unix.SIGKILL)
}
