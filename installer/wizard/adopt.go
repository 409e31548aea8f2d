package wizard

import (
	"context"
	"strings"

	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// noneOfThese is the choice that answers a decision with nothing.
const noneOfThese = "none of these"

// Adopt shows what was found of an environment, asks what is not certain, and
// whether to register what came of it. It is not ok where the person does not want
// that.
func Adopt(ctx context.Context, asker prompt.Asker, tell func(string), p detect.Proposal) (decided detect.Proposal, ok bool, err error) {
	tell("")
	tell("== Environment " + p.Environment)
	for _, line := range p.Found {
		tell(line)
	}
	for _, note := range p.Notes {
		tell("note: " + note)
	}
	for len(p.Decisions) > 0 {
		if p, err = decide(ctx, asker, tell, p); err != nil {
			return p, false, err
		}
	}
	tell("")
	tell("This would be registered:")
	lines := strings.Split(strings.TrimSuffix(string(p.Text()), "\n"), "\n")
	for len(lines) > 1 && strings.HasPrefix(lines[0], "#") {
		lines = lines[1:] // was told above
	}
	for _, line := range lines {
		tell("  " + line)
	}
	ok, err = asker.Confirm(ctx, prompt.Question{Label: "Is every line right? Register it?", Default: "no"})
	return p, ok, err
}

// decide asks the first of the decisions.
func decide(ctx context.Context, asker prompt.Asker, tell func(string), p detect.Proposal) (detect.Proposal, error) {
	d := p.Decisions[0]
	tell("")
	if len(d.Choices) > 0 {
		q := prompt.Question{Label: "Which one?", Default: noneOfThese}
		tell(d.What + ":")
		for _, c := range d.Choices {
			tell("  " + c.Label) // whole: of a choice the terminal shows what fits a line
			q.Choices = append(q.Choices, c.Label)
		}
		q.Choices = append(q.Choices, noneOfThese)
		at, err := asker.Select(ctx, q)
		if err != nil || at == len(d.Choices) {
			return p.Leave(0), err
		}
		return p.Decide(0, at), nil
	}
	if d.Key != "" {
		s, _ := settings.Find(d.Key)
		text, err := asker.Text(ctx, prompt.Question{Label: s.Title, Help: d.What, Validate: s.Validate})
		return p.Give(0, text), err
	}
	goOn, err := asker.Confirm(ctx, prompt.Question{Label: "Go on without it?", Help: d.What, Default: "no"})
	if err == nil && !goOn {
		err = prompt.ErrCancelled
	}
	return p.Leave(0), err
}
