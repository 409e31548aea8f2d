package prompt

import (
	"context"
	"fmt"
	"io"

	"github.com/manifoldco/promptui"
)

// undraw goes over the empty line that promptui leaves behind.
const undraw = "\x1b[1A\r\x1b[2K"

// editedLine reads a line with promptui.
func (t *Terminal) editedLine(ctx context.Context) (string, error) {
	restore, err := t.raw()
	if err != nil {
		return "", cancelled(ctx)
	}
	defer restore()
	var edit editing
	from := t.feed(ctx, edit.convert, func(k key) bool { return k.kind == enter })
	typed := ""
	ask := promptui.Prompt{
		Label: mark,
		Validate: func(text string) error {
			typed = text
			return nil
		},
		Pointer: func(at []rune) []rune { return append([]rune{cursor}, at...) },
		Templates: &promptui.PromptTemplates{
			Prompt: "{{ . }}", Valid: "{{ . }}", Invalid: "{{ . }}", Success: "{{ . }}",
		},
		Stdin:  from,
		Stdout: t.screen(),
	}
	_, err = ask.Run()
	if err := t.ended(ctx, from, err); err != nil {
		return "", err
	}
	if edit.over {
		t.echo("")
		return "", errTooLong
	}
	t.echo(typed)
	return typed, nil
}

// item is one line of a list; drawing it as the active one tells the index.
type item struct {
	index int
	text  string
}

// list asks with promptui for one of the choices.
func (t *Terminal) list(ctx context.Context, q Question) (int, error) {
	t.heading(Question{Label: q.Label, Help: q.Help}, "")
	restore, err := t.raw()
	if err != nil {
		return 0, cancelled(ctx)
	}
	defer restore()
	width, height := t.size()
	items := make([]item, 0, len(q.Choices)+1)
	for i, choice := range q.Choices {
		items = append(items, item{i, shorten(choice, width-7)})
	}
	back := -1
	if q.CanGoBack {
		back = len(items)
		items = append(items, item{back, BackChoice})
	}
	active, err := t.pick(ctx, items, view{
		start: max(q.start(), 0), size: min(len(items), max(height-4, 3)), back: back,
	})
	if err != nil {
		return 0, err
	}
	if active == back {
		t.echo(BackChoice)
		return 0, ErrBack
	}
	t.echo(q.Choices[active])
	return active, nil
}

// view is how a list is shown.
type view struct {
	start, size int
	back        int // index that "<" chooses; -1 = none
}

func (t *Terminal) pick(ctx context.Context, items []item, v view) (int, error) {
	active := v.start
	from := t.feed(ctx, moving(len(items)), func(k key) bool {
		return k.kind == enter || (v.back >= 0 && k.text == Back)
	})
	funcs := map[string]any{
		"active": func(i item) string {
			active = i.index
			return t.style(bold, mark+i.text)
		},
		"inactive": func(i item) string { return "  " + i.text },
	}
	ask := promptui.Select{
		Label:     shorten("Arrow keys move, Enter chooses.", t.width()-1),
		Items:     items,
		Size:      v.size,
		CursorPos: v.start,
		HideHelp:  true,
		Templates: &promptui.SelectTemplates{
			Label: "{{ . }}", Active: "{{ active . }}", Inactive: "{{ inactive . }}", Selected: "{{ inactive . }}",
			Help: " ", FuncMap: funcs, // an empty one would be promptui's own, which needs its functions
		},
		Stdin:  from,
		Stdout: t.screen(),
	}
	_, _, err := ask.Run()
	if err := t.ended(ctx, from, err); err != nil {
		return 0, err
	}
	if from.last.kind != enter {
		return v.back, nil
	}
	return active, nil
}

func (t *Terminal) feed(ctx context.Context, convert func(key) string, accept func(key) bool) *feed {
	return &feed{
		next:    func() (key, error) { return t.keys.next(ctx) },
		convert: convert,
		accept:  accept,
	}
}

func (t *Terminal) screen() *screen {
	return &screen{w: t.io.Err, width: t.width(), color: t.color}
}

// ended tells an answer from the ways to give up. Promptui always reports the
// end of input, or that it did not start.
func (*Terminal) ended(ctx context.Context, from *feed, err error) error {
	switch {
	case from.state == accepted:
		return nil
	case from.state == open && err != nil:
		return fmt.Errorf("ask at the terminal: %w", err)
	}
	return cancelled(ctx)
}

// echo replaces what promptui drew by the answer.
func (t *Terminal) echo(answer string) {
	_, _ = io.WriteString(t.io.Err, undraw+mark+shorten(answer, t.width()-len(mark)-1)+"\r\n")
}
