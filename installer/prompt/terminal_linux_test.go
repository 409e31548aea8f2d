package prompt_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/term"
)

const patience = 10 * time.Second

// person sits at the other end of a terminal.
type person struct {
	t    *testing.T
	ptmx *os.File

	mu   sync.Mutex
	seen bytes.Buffer
	used int // how much of what was seen is answered
}

// sit opens a terminal, and somebody in front of it who reads along.
func sit(t *testing.T) (*person, *os.File) {
	t.Helper()
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(ptmx, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	// Closing it has to end a read that waits: only a file that was made of a
	// descriptor which does not block does that.
	master, err := unix.Dup(int(ptmx.Fd()))
	if err == nil {
		err = errors.Join(unix.SetNonblock(master, true), ptmx.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, ptmx: os.NewFile(uintptr(master), "ptmx")}
	t.Cleanup(func() {
		_ = p.ptmx.Close() // perhaps hung up already
		_ = tty.Close()
	})
	go func() {
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
	}()
	return p, tty
}

func (p *person) screen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen.String()
}

// await waits until a new mark of a question shows, and for the terminal to be
// listening.
func (p *person) await(marks ...string) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		text := p.screen()
		for _, mark := range marks {
			if at := strings.Index(text[p.used:], mark); at >= 0 {
				time.Sleep(15 * time.Millisecond) // what follows the mark belongs to it
				p.used = len(p.screen())
				return true
			}
		}
	}
	return false
}

func (p *person) press(keys string) { _, _ = io.WriteString(p.ptmx, keys) }

// act does what a person does at a question.
func (p *person) act(acts []prompttest.Act, dumb bool) {
	for _, a := range acts {
		if !p.await("> ", "Enter chooses") {
			p.t.Errorf("no question showed; the screen:\n%q", p.screen())
			return
		}
		switch a.Kind {
		case prompttest.Line:
			p.press(a.Text + "\r")
		case prompttest.Choose:
			p.choose(a.Pick, dumb)
		case prompttest.GoBack:
			p.press("<")
			if dumb {
				p.press("\r")
			}
		case prompttest.GiveUp:
			p.press("\x04") // Ctrl-C would be a signal to the test itself on a terminal in line mode
		case prompttest.HangUp:
			_ = p.ptmx.Close() // the other end sees the end of the terminal
		}
	}
}

func (p *person) choose(pick int, dumb bool) {
	if dumb {
		p.press(strconv.Itoa(pick+1) + "\r")
		return
	}
	for range pick {
		p.press("\x1b[B")
		time.Sleep(5 * time.Millisecond)
	}
	p.press("\r")
}

func open(dumb bool) prompttest.Opener {
	return func(t *testing.T, _ prompt.Question, acts []prompttest.Act) prompt.Asker {
		t.Helper()
		p, tty := sit(t)
		go p.act(acts, dumb)
		return prompt.New(prompt.Options{IO: term.IO{In: tty, Out: io.Discard, Err: tty}, Dumb: dumb})
	}
}

func TestATerminalKeepsTheContract(t *testing.T) {
	if raceEnabled {
		t.Skip("promptui 0.9 races with itself when Enter is pressed")
	}
	prompttest.Run(t, open(false))
}

func TestADumbTerminalKeepsTheContract(t *testing.T) { prompttest.Run(t, open(true)) }

func TestASecretIsNotShown(t *testing.T) {
	const secret = "TST8Q~not-a-real-secret-0000000000000001"
	p, tty := sit(t)
	go p.act([]prompttest.Act{{Kind: prompttest.Line, Text: secret}}, false)
	asker := prompt.New(prompt.Options{IO: term.IO{In: tty, Out: io.Discard, Err: tty}})
	v, err := asker.Secret(t.Context(), prompt.Question{Label: "Secret"})
	if err != nil || v.Reveal() != secret {
		t.Fatalf("got %d characters, %v", v.Len(), err)
	}
	if strings.Contains(p.screen(), "TST8Q") {
		t.Errorf("the secret was shown: %q", p.screen())
	}
}

func TestWithoutATerminalNothingIsAskedOrPrinted(t *testing.T) {
	var printed bytes.Buffer
	asker := prompt.New(prompt.Options{IO: term.IO{In: strings.NewReader("y\n"), Out: io.Discard, Err: &printed}})
	q := prompt.Question{Label: "Go on?", Choices: []string{"a"}, Default: "yes"}
	for name, ask := range map[string]func() error{
		"Text":    func() error { _, err := asker.Text(t.Context(), q); return err },
		"Select":  func() error { _, err := asker.Select(t.Context(), q); return err },
		"Confirm": func() error { _, err := asker.Confirm(t.Context(), q); return err },
		"Secret":  func() error { _, err := asker.Secret(context.Background(), q); return err },
	} {
		if err := ask(); !errors.Is(err, prompt.ErrNoTerminal) {
			t.Errorf("%s: got %v, want ErrNoTerminal", name, err)
		}
	}
	if printed.Len() > 0 {
		t.Errorf("printed %q", printed.String())
	}
}
