package wizard

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/settings"
)

const (
	replaceSecret = "Replace the Entra ID client secret"
	quit          = "Quit"
)

// Configure offers to replace the client secret, or to change the settings of a
// section that this installation holds. Only what differs from the present is
// in the result.
func Configure(ctx context.Context, r Request) (Result, error) {
	in := begin(r)
	choices := []string{replaceSecret}
	var groups []settings.Group
	for _, group := range settings.Groups() {
		if len(in.heldItems(group)) > 0 {
			groups = append(groups, group)
			choices = append(choices, "Change: "+string(group))
		}
	}
	choices = append(choices, quit)
	chosen, err := in.Asker.Select(ctx, prompt.Question{
		Label: "What is to be done?", Help: in.about(), Choices: choices, Default: replaceSecret,
	})
	switch {
	case err != nil:
		return Result{}, err
	case chosen == len(choices)-1:
		return Result{}, prompt.ErrCancelled
	case chosen == 0:
		err = in.walk(ctx, in.secretItems())
	default:
		items := in.heldItems(groups[chosen-1])
		if err = in.walk(ctx, items); err == nil {
			err = in.review(ctx, items)
		}
	}
	if err != nil {
		return Result{}, err
	}
	return in.changed(), nil
}

// about tells the present secret.
func (in *interview) about() string {
	if text, ok := in.Present(settings.ClientSecret); ok {
		return "the present client secret: " + text
	}
	return ""
}

func (in *interview) secretItems() []item {
	value, _ := settings.Find(settings.ClientSecret)
	expires, _ := settings.Find(settings.ClientSecretExpires)
	id, _ := settings.Find(settings.ClientSecretID)
	return []item{in.settingItem(value), in.settingItem(expires), in.settingItem(id)}
}

// heldItems are the settings of a section that this installation holds, but for
// the client secret, which has an item of its own.
func (in *interview) heldItems(group settings.Group) []item {
	var items []item
	for _, s := range settings.All() {
		if _, held := in.Present(s.Key); held && s.Group == group && s.Key != settings.ClientSecret {
			items = append(items, in.settingItem(s))
		}
	}
	return items
}

// changed leaves out what is as before.
func (in *interview) changed() Result {
	r := Result{Answers: settings.Answers{Values: map[string]settings.Value{}}, Secrets: in.secrets}
	for key, text := range in.values {
		present, held := in.Present(key)
		if held && text == present || !held && text == "" {
			continue
		}
		r.Answers.Values[key] = settings.Value{Text: text, Origin: settings.FromPrompt}
	}
	return r
}

// Confirm shows a plan and asks whether to carry it out.
func Confirm(ctx context.Context, asker prompt.Asker, tell func(string), lines []string) (bool, error) {
	tell("")
	tell("This will be done, once Entra ID has accepted the secret:")
	for _, line := range lines {
		tell("  " + line)
	}
	return asker.Confirm(ctx, prompt.Question{Label: "Go ahead?", Default: "yes"})
}
