package wizard

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// Request says whom to ask, and what is known.
type Request struct {
	Asker     prompt.Asker
	Tell      func(text string) // a line for the person
	Present   func(key string) (text string, ok bool)
	Given     settings.Answers // not asked again
	AllowGUID bool
}

// Result is what was answered.
type Result struct {
	Answers settings.Answers
	Secrets map[string]secret.Value
}

// interview is a walk through questions, forth and back.
type interview struct {
	Request
	values  map[string]string
	secrets map[string]secret.Value
	open    map[settings.Group]bool // whose optional settings are asked
}

func begin(r Request) *interview {
	return &interview{
		Request: r, values: map[string]string{}, secrets: map[string]secret.Value{}, open: map[settings.Group]bool{},
	}
}

// item is one question. A nil skip never skips.
type item struct {
	group settings.Group
	skip  func() bool
	ask   func(ctx context.Context, canGoBack bool) error
	key   string // of a setting; "" for a question about the section
}

// walk asks items in order; "<" goes back to the one that was asked before.
func (in *interview) walk(ctx context.Context, items []item) error {
	var asked []int
	section := settings.Group("")
	for i := 0; i < len(items); i++ {
		it := items[i]
		if it.skip != nil && it.skip() {
			continue
		}
		if it.group != section {
			section = it.group
			in.Tell("")
			in.Tell("== " + string(section))
		}
		err := it.ask(ctx, len(asked) > 0)
		switch {
		case errors.Is(err, prompt.ErrBack) && len(asked) > 0:
			i = asked[len(asked)-1] - 1
			asked = asked[:len(asked)-1]
		case err != nil:
			return err
		default:
			asked = append(asked, i)
		}
	}
	return nil
}

// Install asks for everything that an installation needs and that was not
// given, and offers the rest section by section.
func Install(ctx context.Context, r Request) (Result, error) {
	in := begin(r)
	in.Tell(`Five sections. Enter takes what stands in brackets, "<" goes one question back.`)
	var items []item
	for _, group := range settings.Groups() {
		items = append(items, in.sectionItems(group)...)
	}
	if err := in.walk(ctx, items); err != nil {
		return Result{}, err
	}
	if err := in.review(ctx, items); err != nil {
		return Result{}, err
	}
	return in.result(), nil
}

// sectionItems are the required questions of a section, whether to look at the
// others, and these.
func (in *interview) sectionItems(group settings.Group) []item {
	var required, optional []item
	var names []string
	for _, s := range settings.All() {
		if s.Group != group || in.given(s.Key) {
			continue
		}
		if s.Required {
			required = append(required, in.settingItem(s))
			continue
		}
		it := in.settingItem(s)
		it.skip = func() bool { return !in.open[group] || in.idle(s.Key) }
		optional = append(optional, it)
		names = append(names, s.Title)
	}
	if len(optional) == 0 {
		return required
	}
	gate := item{group: group, ask: func(ctx context.Context, canGoBack bool) error {
		var err error
		in.open[group], err = in.Asker.Confirm(ctx, prompt.Question{
			Label: "Look at the other settings of this section?",
			Help:  "they have defaults or may stay empty: " + strings.Join(names, " · "), CanGoBack: canGoBack,
		})
		return err
	}}
	return append(append(required, gate), optional...)
}

// idle is a question whose answer would be of no use after the others.
func (in *interview) idle(key string) bool {
	return key == settings.ServicePassword && in.values[settings.ServiceAccount] == "" && !in.given(settings.ServiceAccount)
}

func (in *interview) given(key string) bool {
	_, value := in.Given.Values[key]
	_, reference := in.Given.Secrets[key]
	return value || reference
}

func (in *interview) settingItem(s settings.Setting) item {
	return item{group: s.Group, key: s.Key, ask: func(ctx context.Context, canGoBack bool) error {
		q := prompt.Question{Label: s.Title, Help: s.Help, CanGoBack: canGoBack}
		switch s.Kind { //nolint:exhaustive // every other kind is typed
		case settings.Secret:
			return in.askSecret(ctx, s, q)
		case settings.Choice:
			return in.askChoice(ctx, s, q, s.Choices)
		case settings.Boolean:
			return in.askChoice(ctx, s, q, []string{"true", "false"})
		}
		q.Default, q.Validate = in.present(s), s.Validate
		if s.Key == settings.ClientSecretID {
			q.Validate = checkSecretID
		}
		text, err := in.Asker.Text(ctx, q)
		if err == nil {
			in.values[s.Key] = text
		}
		return err
	}}
}

// checkSecretID says what to do where the value was pasted in place of its ID, which
// is shown as it is typed.
func checkSecretID(text string) error {
	if settings.Validate(settings.ClientSecretID, text) == nil {
		return nil
	}
	return errors.New("the Secret ID is a GUID: copy the column Secret ID of the portal, not Value; a value that was typed here was shown, so make a new one")
}

// present is what Enter gives: typed before, on this host now, or the default.
func (in *interview) present(s settings.Setting) string {
	if text, ok := in.values[s.Key]; ok {
		return text
	}
	if text, ok := in.Present(s.Key); ok {
		return text
	}
	return s.Default
}

func (in *interview) askChoice(ctx context.Context, s settings.Setting, q prompt.Question, choices []string) error {
	q.Choices, q.Default = choices, in.present(s)
	at, err := in.Asker.Select(ctx, q)
	if err == nil {
		in.values[s.Key] = choices[at]
	}
	return err
}

func (in *interview) askSecret(ctx context.Context, s settings.Setting, q prompt.Question) error {
	q.Default = in.presentSecret(s)
	q.Validate = func(text string) error { return in.checkSecret(s, text) }
	value, err := in.Asker.Secret(ctx, q)
	if err != nil || value.IsZero() {
		return err // Enter keeps what was typed before, or leaves it out
	}
	in.secrets[s.Key] = value
	if s.Key == settings.ClientSecret {
		clean, notes, err := settings.LintSecret(value, in.AllowGUID)
		if err != nil {
			return fmt.Errorf("the client secret: %w", err) // it was checked at Enter
		}
		in.secrets[s.Key] = clean
		for _, note := range notes {
			in.Tell("note: " + note)
		}
	}
	return nil
}

func (in *interview) presentSecret(s settings.Setting) string {
	if _, typed := in.secrets[s.Key]; typed {
		return "as typed before"
	}
	if s.Required {
		return "" // a new one is what is asked for
	}
	text, _ := in.Present(s.Key)
	return text
}

func (in *interview) checkSecret(s settings.Setting, text string) error {
	_, typed := in.secrets[s.Key]
	switch {
	case text == "" && (typed || !s.Required):
		return nil
	case text == "":
		return errors.New("a value is needed")
	case s.Key == settings.ClientSecret:
		_, _, err := settings.LintSecret(secret.New(text), in.AllowGUID)
		return err
	}
	return nil
}

// review shows all answers and lets each be changed, until the person goes on.
func (in *interview) review(ctx context.Context, items []item) error {
	for {
		choices := []string{"Go on"}
		var at []item
		for _, it := range items {
			if it.key == "" || it.skip != nil && it.skip() {
				continue
			}
			choices = append(choices, in.line(it.key))
			at = append(at, it)
		}
		in.Tell("")
		chosen, err := in.Asker.Select(ctx, prompt.Question{
			Label: "Is it right? Choose a line to change it", Choices: choices, Default: choices[0],
		})
		if err != nil || chosen == 0 {
			return err
		}
		if err := at[chosen-1].ask(ctx, true); err != nil && !errors.Is(err, prompt.ErrBack) {
			return err
		}
	}
}

// line is an answer as the review shows it.
func (in *interview) line(key string) string {
	s, _ := settings.Find(key)
	text := in.values[key]
	switch _, typed := in.secrets[key]; {
	case s.Kind == settings.Secret && typed:
		text = "(typed)"
	case text == "":
		text = "(none)"
	}
	return s.Title + ": " + text
}

// result leaves out what is empty, or the default.
func (in *interview) result() Result {
	r := Result{Answers: settings.Answers{Values: map[string]settings.Value{}}, Secrets: in.secrets}
	for key, text := range in.values {
		if text != settings.Default(key) {
			r.Answers.Values[key] = settings.Value{Text: text, Origin: settings.FromPrompt}
		}
	}
	return r
}
