package cli

import (
	"context"
	"fmt"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/watch"
)

// broken is a sink that cannot be used, so that the others still are.
type broken struct{ cause error }

func (b broken) Send(context.Context, notify.Message) error {
	return fmt.Errorf("%w: %w", b.cause, notify.ErrFinal)
}

// outlets are the sinks that settings name, with the secrets that they hold.
func (a *app) outlets(ctx context.Context, d session.Deps, s expiry.Settings) ([]watch.Outlet, []secret.Value) {
	var all []watch.Outlet
	given := vault{app: a}
	if s.Logs() && d.Host.Elevated() { // a run without rights may not fill the log of the host
		all = append(all, watch.Outlet{Name: "event-log", Sink: watch.EventLog{Log: a.world.Events, Run: d.RunID}})
	}
	if s.Textfile != "" {
		all = append(all, watch.Outlet{Name: "textfile", Sink: notify.Textfile{Folder: s.Textfile}, Always: true})
	}
	if s.Mail != nil {
		all = append(all, watch.Outlet{Name: "mail", Sink: given.mail(ctx, *s.Mail)})
	}
	if s.Webhook != nil {
		all = append(all, watch.Outlet{Name: "webhook", Sink: given.webhook(ctx, d, *s.Webhook)})
	}
	a.known = append(a.known, given.known...)
	return all, given.known
}

// vault reads what sinks need, and keeps the first error.
type vault struct {
	app   *app
	known []secret.Value
	err   error
}

func (v *vault) secret(ctx context.Context, key string, r *expiry.Reference) secret.Value {
	if r == nil || v.err != nil {
		return secret.Value{}
	}
	value, err := v.app.readSecret(ctx, key, r.Of())
	if err == nil {
		value, err = withoutLineEnd(value)
	}
	if err != nil {
		v.err = err
		return secret.Value{}
	}
	v.known = append(v.known, value)
	return value
}

func (v *vault) bundle(path string) []byte {
	const mostBytes = 4 << 20
	if path == "" || v.err != nil {
		return nil
	}
	file, err := atomicfile.Read(path, mostBytes)
	if err != nil {
		v.err = err
	}
	return file.Data
}

// sink is the sink, or one that tells the first error.
func (v *vault) sink(s notify.Sink) notify.Sink {
	if v.err != nil {
		s, v.err = broken{v.err}, nil
	}
	return s
}

func (v *vault) mail(ctx context.Context, m expiry.Mail) notify.Sink {
	sink := notify.Mail{Server: m.Server, From: m.From, To: m.To, User: m.User, CABundle: v.bundle(m.CABundle)}
	sink.Password = v.secret(ctx, "mail.password", m.Password)
	return v.sink(sink)
}

func (v *vault) webhook(ctx context.Context, d session.Deps, w expiry.Webhook) notify.Sink {
	sink := notify.Webhook{
		URL: secret.New(w.URL), Teams: w.Teams, Proxy: w.Proxy, CABundle: v.bundle(w.CABundle), UserAgent: "backend-installer/" + d.Version, Now: d.Now,
	}
	if w.URLFrom != nil {
		sink.URL = v.secret(ctx, "webhook.urlFrom", w.URLFrom)
		if v.err == nil {
			v.err = expiry.CheckURL(sink.URL.Reveal())
		}
	}
	sink.Key = v.secret(ctx, "webhook.key", w.Key)
	return v.sink(sink)
}
