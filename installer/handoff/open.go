package handoff

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/handed"
	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// OpenRequest says which link to read, for which environment.
type OpenRequest struct {
	Environment string
	Link        secret.Value
	Passphrase  secret.Value // zero for none

	// Ask asks a person for the passphrase that is wanted and was not given; nil
	// where nobody can be asked.
	Ask func(ctx context.Context) (secret.Value, error)
}

// Opened is a secret that was handed over, and the file that keeps it.
type Opened struct {
	Value  secret.Value
	Path   string // "" where the configuration holds the value already
	Before bool   // it was read by an earlier run
}

// open is one run.
type open struct {
	deps   Deps
	req    OpenRequest
	link   onetime.Link
	box    handed.Box
	name   string // of the link, in the box
	server onetime.Server
}

// Open reads a link once. A link that this host has read before gives what was kept,
// and no request is made.
func Open(ctx context.Context, d Deps, req OpenRequest) (Opened, error) {
	o := &open{deps: d, req: req}
	var err error
	if o.link, err = onetime.ParseLink(req.Link); err != nil {
		return Opened{}, explainForm(err)
	}
	s, err := session.Begin(ctx, d, req.Environment)
	if err != nil {
		return Opened{}, err
	}
	opened, err := o.run(ctx, s.Site)
	return opened, errors.Join(err, s.Close())
}

// run does everything that needs the lock.
func (o *open) run(ctx context.Context, here site.Site) (Opened, error) {
	if !here.HasKey {
		key, err := here.Folder.MakeKey(o.deps.Random, -1)
		if err != nil {
			return Opened{}, explain.State(err)
		}
		here.Key, here.HasKey = key, true
	}
	o.box = handed.Box{Folder: here.Folder.Handed()}
	o.name = here.Fingerprint(o.link.Whole())
	state, err := o.box.Look(o.name)
	if err != nil {
		return Opened{}, explain.State(err)
	}
	switch state {
	case handed.Kept:
		return o.kept()
	case handed.Done:
		return o.inUse(here)
	case handed.None, handed.Begun:
	}
	if err := o.reach(ctx, here); err != nil {
		return Opened{}, err
	}
	if err := o.look(ctx, state); err != nil {
		return Opened{}, err
	}
	return o.read(ctx, state)
}

// kept is what an earlier run read and nobody has proven yet.
func (o *open) kept() (Opened, error) {
	value, err := o.box.Read(o.name)
	if err != nil {
		return Opened{}, explain.State(err)
	}
	o.deps.Progress.Say(progress.Done, "this host has read the link before, and has kept the secret")
	return Opened{Value: value, Path: o.box.Path(o.name), Before: true}, nil
}

// inUse is what an earlier run read and configure has set: the same command again is
// no sign that somebody else has used the link up.
func (o *open) inUse(here site.Site) (Opened, error) {
	mark, err := o.box.Mark(o.name)
	if err != nil {
		return Opened{}, explain.State(err)
	}
	files, err := here.ReadFiles()
	if err != nil {
		return Opened{}, explain.Files(err)
	}
	value, _ := here.Value(files, settings.ClientSecret)
	if here.Fingerprint(value) != mark {
		return Opened{}, fault.New(fault.LinkRefused,
			"this host has read the link before and set its secret, and the configuration holds another one now",
			"leave it so, or ask for a new link where the secret is to be set again")
	}
	o.deps.Progress.Say(progress.Done, "this host has read the link before, and has set its secret")
	return Opened{Value: value, Before: true}, nil
}

// reach finds out the server, on the way that the settings name.
func (o *open) reach(ctx context.Context, here site.Site) error {
	files, _ := here.ReadFiles() // what cannot be read names no proxy
	get := here.Lookup(files, nil)
	bundle, err := site.Bundle(get)
	if err != nil {
		return explain.Ask(err)
	}
	o.server, err = reach(ctx, o.deps, onetime.Options{
		Root: o.link.Root, Kind: o.link.Kind, Proxy: site.Proxy(get), CABundle: bundle,
		UserAgent: "backend-installer/" + o.deps.Version,
	})
	return err
}

// look asks whether there is something behind the link, which consumes nothing.
func (o *open) look(ctx context.Context, state handed.State) error {
	o.deps.Progress.Say(progress.Step, "look whether the link at "+o.link.Root+" still holds a secret, without reading it")
	found, err := o.server.Peek(ctx, o.link)
	switch {
	case err != nil:
		return explainServer(err)
	case found.Known && !found.There && state == handed.Begun:
		return errors.Join(cutOff(), o.box.Abort(o.name))
	case found.Known && !found.There:
		return explainTake(&onetime.Error{Why: onetime.Gone, Host: o.link.Root}, false)
	case !found.Known:
		o.deps.Progress.Say(progress.Warning, "this server does not tell whether the link still holds a secret")
	}
	if !found.Passphrase || !o.req.Passphrase.IsZero() {
		return nil
	}
	if o.req.Ask == nil {
		return explainTake(&onetime.Error{Why: onetime.WrongPassphrase, Host: o.link.Root}, false)
	}
	o.req.Passphrase, err = o.req.Ask(ctx)
	return err
}

// read reads the link, between two writes that are on the disk when they return.
func (o *open) read(ctx context.Context, state handed.State) (Opened, error) {
	if ctx.Err() != nil {
		return Opened{}, explain.Cancelled(context.Cause(ctx))
	}
	if err := o.box.Begin(o.name); err != nil {
		return Opened{}, explain.State(err)
	}
	o.deps.Progress.Say(progress.Step, "read the link, once")
	value, err := o.server.Take(context.WithoutCancel(ctx), o.link, o.req.Passphrase) // who gives up now would lose it
	if err != nil {
		return Opened{}, o.unread(err, state)
	}
	if err := o.box.Keep(o.name, value); err != nil {
		return Opened{}, fault.Wrap(fault.WriteFailed, err, "the link was read, and the secret could not be kept: it is lost",
			"have this credential removed in the portal, a new one made, and that one handed over by a new link, once there is space in the state folder")
	}
	o.deps.Progress.Say(progress.Done, "the secret is kept until configure has proved it")
	return Opened{Value: value, Path: o.box.Path(o.name)}, nil
}

// unread explains why there is no value. The note that the link is being read stays
// where the value may have been lost on its way.
func (o *open) unread(err error, state handed.State) error {
	why, known := failed(err)
	said := explainTake(err, !o.req.Passphrase.IsZero() && o.link.Kind == onetime.OnetimeSecret)
	if !known || why == onetime.Lost {
		return said
	}
	if why == onetime.Gone && state == handed.Begun {
		said = cutOff()
	}
	return errors.Join(said, o.box.Abort(o.name))
}
