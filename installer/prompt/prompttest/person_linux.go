package prompttest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// settle is how long a program is given to listen after it has drawn.
const settle = 20 * time.Millisecond

// Person sits in front of a real terminal, reads along and types. One goroutine
// at a time may act.
type Person struct {
	ptmx *os.File

	mu   sync.Mutex
	seen bytes.Buffer
	used int // how much of what was seen is answered
}

// Sit opens a terminal of 50 lines and 200 columns. The file is the program's
// end of it.
func Sit(tb testing.TB) (*Person, *os.File) {
	tb.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		tb.Fatal(err)
	}
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 50, Cols: 200}); err != nil {
		tb.Fatal(err)
	}
	// Closing it has to end a read that waits: only a file that was made of a
	// descriptor which does not block does that. No child may have it.
	master, err := unix.FcntlInt(ptmx.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = errors.Join(unix.SetNonblock(master, true), ptmx.Close())
	}
	if err != nil {
		tb.Fatal(err)
	}
	p := &Person{ptmx: os.NewFile(uintptr(master), "ptmx")}
	tb.Cleanup(func() {
		_ = p.ptmx.Close() // perhaps hung up already
		_ = tty.Close()
	})
	go p.read()
	return p, tty
}

func (p *Person) read() {
	chunk := make([]byte, 4096)
	for {
		n, err := p.ptmx.Read(chunk)
		p.mu.Lock()
		p.seen.Write(chunk[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Screen is everything that was shown so far.
func (p *Person) Screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// Await waits until a question shows, and behind it one of the marks at which a
// person types. What was shown before the last question that was awaited does
// not count. It gives up, with false, after a time.
func (p *Person) Await(within time.Duration, question string, marks ...string) bool {
	for deadline := time.Now().Add(within); time.Now().Before(deadline); <-time.After(2 * time.Millisecond) {
		text := p.Screen()[p.used:]
		at := strings.Index(text, question)
		if at < 0 {
			continue
		}
		for _, mark := range marks {
			if marked := strings.Index(text[at:], mark); marked >= 0 {
				<-time.After(settle)
				p.used += at + max(marked+len(mark), len(question))
				return true
			}
		}
	}
	return false
}

// Press types.
func (p *Person) Press(keys string) error {
	_, err := io.WriteString(p.ptmx, keys)
	return err
}

// HangUp closes the terminal.
func (p *Person) HangUp() error { return p.ptmx.Close() }
