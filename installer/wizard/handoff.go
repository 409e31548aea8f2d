package wizard

import (
	"context"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

// HandoffMissing lists the keys without which a secret cannot be handed over, and
// that neither the answers nor this host give.
func HandoffMissing(given settings.Answers, present func(key string) (string, bool), secrets map[string]secret.Value) []string {
	var missing []string
	for _, key := range []string{settings.TenantID, settings.ClientID} {
		if _, there := present(key); !there && given.Values[key].Text == "" {
			missing = append(missing, key)
		}
	}
	if secrets[settings.ClientSecret].IsZero() {
		missing = append(missing, settings.ClientSecret)
	}
	return missing
}

// Handoff asks for these settings.
func Handoff(ctx context.Context, r Request, keys []string) (Result, error) {
	in := begin(r)
	var items []item
	for _, key := range keys {
		s, _ := settings.Find(key)
		items = append(items, in.settingItem(s))
	}
	if err := in.walk(ctx, items); err != nil {
		return Result{}, err
	}
	return in.result(), nil
}
