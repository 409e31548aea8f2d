package prompttest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/prompt"
)

// Act is one thing that a person does at a question.
type Act struct {
	Kind Kind
	Text string // of Line
	Pick int    // of Choose
}

// Kind is the kind of an Act.
type Kind int

// The kinds of act.
const (
	Line   Kind = iota // types a text and presses Enter
	Choose             // chooses the choice with that index
	GoBack             // chooses "(back)" or types "<"
	GiveUp             // presses Ctrl-C, or Ctrl-D
	HangUp             // closes the terminal
)

// Opener makes an Asker at which a person does these acts on the choices of q.
type Opener func(t *testing.T, q prompt.Question, acts []Act) prompt.Asker

// secretText has the shape of a client secret and fails its checksum.
const secretText = "TST8Q~not-a-real-secret-0000000000000001"

type contractCase struct {
	name   string
	method string
	q      prompt.Question
	acts   []Act
	want   string
	err    error
}

// Run is the contract of prompt.Asker.
func Run(t *testing.T, open Opener) {
	t.Helper()
	for _, c := range append(append(texts(), choices()...), secrets()...) {
		t.Run(c.method+" "+c.name, func(t *testing.T) {
			got, err := put(t.Context(), open(t, c.q, c.acts), c.method, c.q)
			if !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Fatalf("got error %v, want %v", err, c.err)
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	t.Run("a context that has ended cancels every question with its cause", func(t *testing.T) {
		cause := errors.New("signal")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		q := prompt.Question{Label: "Name", Choices: []string{"a"}}
		for _, method := range []string{"Text", "Select", "Confirm", "Secret"} {
			_, err := put(ctx, open(t, q, nil), method, q)
			if !errors.Is(err, prompt.ErrCancelled) || !errors.Is(err, cause) {
				t.Errorf("%s: got error %v, want %v and %v", method, err, prompt.ErrCancelled, cause)
			}
		}
	})
}

// put asks and returns the answer as a text, also that of a secret.
func put(ctx context.Context, ask prompt.Asker, method string, q prompt.Question) (string, error) {
	switch method {
	case "Text":
		return ask.Text(ctx, q)
	case "Secret":
		v, err := ask.Secret(ctx, q)
		return v.Reveal(), err
	case "Confirm":
		yes, err := ask.Confirm(ctx, q)
		return answer(fmt.Sprint(yes), err)
	default:
		i, err := ask.Select(ctx, q)
		return answer(fmt.Sprint(i), err)
	}
}

func answer(text string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return text, nil
}

func lines(texts ...string) []Act {
	acts := make([]Act, 0, len(texts))
	for _, text := range texts {
		acts = append(acts, Act{Kind: Line, Text: text})
	}
	return acts
}

func digits(text string) error {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return errors.New("digits only")
	}
	return nil
}

func texts() []contractCase {
	plain := prompt.Question{Label: "Host name"}
	number := prompt.Question{Label: "Port", Default: "5080", Validate: digits}
	backable := prompt.Question{Label: "Host name", CanGoBack: true}
	long := strings.Repeat("long ", 400) + "end"
	return []contractCase{
		{"gives what was typed", "Text", plain, lines("web01"), "web01", nil},
		{"drops blanks around it", "Text", plain, lines("  two words "), "two words", nil},
		{"keeps every script", "Text", plain, lines("Größe 大きさ"), "Größe 大きさ", nil},
		{"may be empty where anything is valid", "Text", plain, lines(""), "", nil},
		{"gives the default for Enter", "Text", number, lines(""), "5080", nil},
		{"asks again until it is valid", "Text", number, lines("x", "80x", "443"), "443", nil},
		{"takes a text of many lines' length", "Text", plain, lines(long), long, nil},
		{"refuses more than 4096 bytes and asks again", "Text", plain, lines(strings.Repeat("a", 4097), "short"), "short", nil},
		{"goes back", "Text", backable, lines("<"), "", prompt.ErrBack},
		{"takes < for a text where there is no way back", "Text", plain, lines("<"), "<", nil},
		{"is cancelled by giving up", "Text", plain, []Act{{Kind: GiveUp}}, "", prompt.ErrCancelled},
		{"is cancelled by hanging up", "Text", plain, []Act{{Kind: HangUp}}, "", prompt.ErrCancelled},
		{"is cancelled after an invalid answer", "Text", number, append(lines("x"), Act{Kind: GiveUp}), "", prompt.ErrCancelled},
	}
}

func choices() []contractCase {
	three := prompt.Question{Label: "Hosting", Choices: []string{"on-premises", "corporate-cloud", "empower-cloud"}}
	second, backable := three, three
	second.Default = "corporate-cloud"
	backable.CanGoBack = true
	sure := prompt.Question{Label: "Go on?"}
	sureYes, sureBack := sure, sure
	sureYes.Default = "yes"
	sureBack.CanGoBack = true
	return []contractCase{
		{"gives the first", "Select", three, []Act{{Kind: Choose, Pick: 0}}, "0", nil},
		{"gives the last", "Select", three, []Act{{Kind: Choose, Pick: 2}}, "2", nil},
		{"gives the default for Enter", "Select", second, lines(""), "1", nil},
		{"goes back", "Select", backable, []Act{{Kind: GoBack}}, "", prompt.ErrBack},
		{"is cancelled by giving up", "Select", three, []Act{{Kind: GiveUp}}, "", prompt.ErrCancelled},
		{"is cancelled by hanging up", "Select", three, []Act{{Kind: HangUp}}, "", prompt.ErrCancelled},
		{"takes yes", "Confirm", sure, lines("yes"), "true", nil},
		{"takes Y", "Confirm", sure, lines("Y"), "true", nil},
		{"takes n against the default", "Confirm", sureYes, lines("n"), "false", nil},
		{"takes Enter for no", "Confirm", sure, lines(""), "false", nil},
		{"takes Enter for the default", "Confirm", sureYes, lines(""), "true", nil},
		{"asks again for anything else", "Confirm", sure, lines("perhaps", "<", "y"), "true", nil},
		{"goes back", "Confirm", sureBack, lines("<"), "", prompt.ErrBack},
		{"is cancelled by giving up", "Confirm", sureYes, []Act{{Kind: GiveUp}}, "", prompt.ErrCancelled},
		{"is cancelled by hanging up", "Confirm", sureYes, []Act{{Kind: HangUp}}, "", prompt.ErrCancelled},
	}
}

func secrets() []contractCase {
	plain := prompt.Question{Label: "Secret"}
	set := prompt.Question{Label: "Secret", Default: "set", Validate: digits, CanGoBack: true}
	return []contractCase{
		{"gives what was typed", "Secret", plain, lines(secretText), secretText, nil},
		{"keeps blanks", "Secret", plain, lines(" a b "), " a b ", nil},
		{"may be empty where anything is valid", "Secret", plain, lines(""), "", nil},
		{"is empty for Enter where there is a default", "Secret", set, lines(""), "", nil},
		{"asks again until it is valid", "Secret", set, lines("abc", "123"), "123", nil},
		{"takes 4096 bytes", "Secret", plain, lines(strings.Repeat("s", 4096)), strings.Repeat("s", 4096), nil},
		{"refuses more than 4096 bytes and asks again", "Secret", plain, lines(strings.Repeat("s", 4097), secretText), secretText, nil},
		{"goes back", "Secret", set, lines("<"), "", prompt.ErrBack},
		{"is cancelled by giving up", "Secret", plain, []Act{{Kind: GiveUp}}, "", prompt.ErrCancelled},
		{"is cancelled by hanging up", "Secret", plain, []Act{{Kind: HangUp}}, "", prompt.ErrCancelled},
	}
}
