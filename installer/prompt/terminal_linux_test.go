package prompt_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/prompt/prompttest"
	"github.com/empowersuite/backend-installer/installer/term"
)

const patience = 10 * time.Second

// act does what a person does at questions.
func act(t *testing.T, p *prompttest.Person, acts []prompttest.Act, dumb bool) {
	t.Helper()
	for _, a := range acts {
		if !p.Await(patience, "", "> ", "Enter chooses") {
			t.Errorf("no question showed; the screen:\n%q", p.Screen())
			return
		}
		switch a.Kind {
		case prompttest.Line:
			press(t, p, a.Text+"\r")
		case prompttest.Choose:
			choose(t, p, a.Pick, dumb)
		case prompttest.GoBack:
			press(t, p, map[bool]string{false: "<", true: "<\r"}[dumb])
		case prompttest.GiveUp:
			press(t, p, "\x04") // Ctrl-C would be a signal to the test itself on a terminal in line mode
		case prompttest.HangUp:
			_ = p.HangUp() // the other end sees it
		}
	}
}

func press(t *testing.T, p *prompttest.Person, keys string) {
	t.Helper()
	if err := p.Press(keys); err != nil {
		t.Error(err)
	}
}

func choose(t *testing.T, p *prompttest.Person, pick int, dumb bool) {
	t.Helper()
	if dumb {
		press(t, p, strconv.Itoa(pick+1)+"\r")
		return
	}
	for range pick {
		press(t, p, "\x1b[B")
		time.Sleep(5 * time.Millisecond)
	}
	press(t, p, "\r")
}

func open(dumb bool) prompttest.Opener {
	return func(t *testing.T, _ prompt.Question, acts []prompttest.Act) prompt.Asker {
		t.Helper()
		p, tty := prompttest.Sit(t)
		go act(t, p, acts, dumb)
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
	p, tty := prompttest.Sit(t)
	go act(t, p, []prompttest.Act{{Kind: prompttest.Line, Text: secret}}, false)
	asker := prompt.New(prompt.Options{IO: term.IO{In: tty, Out: io.Discard, Err: tty}})
	v, err := asker.Secret(t.Context(), prompt.Question{Label: "Secret"})
	if err != nil || v.Reveal() != secret {
		t.Fatalf("got %d characters, %v", v.Len(), err)
	}
	if strings.Contains(p.Screen(), "TST8Q") {
		t.Errorf("the secret was shown: %q", p.Screen())
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
