package secrets

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/signin"
	"github.com/empowersuite/backend-installer/installer/site"
)

// Place is what a sign-in for Microsoft Graph needs to know.
type Place struct {
	Question site.Question // tenant, authority, scope and the way there
	InUse    secret.Value  // the client secret in the file; zero where there is none
}

// SignIn chooses whose rights are used. Its error is a *fault.Error; those of the
// Source are explained here.
type SignIn func(ctx context.Context, at Place) (signin.Source, error)

// refusal explains what Entra ID answered to a single request.
func refusal(err error) error {
	var failed *entra.Error
	if errors.As(err, &failed) {
		err = &proof.RefusedError{Failure: failed}
	}
	return explain.Refusal(err)
}

// access is an installation, and Microsoft Graph to ask about its application.
type access struct {
	site      site.Site
	files     []site.File
	question  site.Question
	value     secret.Value // in the file
	source    signin.Source
	directory graph.Directory
	host      string // of the directory
	accepted  bool   // Entra ID accepted the value in this run, over a window
}

// look reads what an access starts from. Whose rights are used is settled, and
// nobody signs in yet.
func look(ctx context.Context, deps session.Deps, here site.Site, signIn SignIn) (access, error) {
	a := access{site: here}
	var err error
	if a.files, err = here.ReadFiles(); err != nil {
		return a, explain.Files(err)
	}
	a.value, _ = here.Value(a.files, settings.ClientSecret)
	if a.question, err = site.Ask(here.Lookup(a.files, nil), deps.Version); err != nil {
		return a, explain.Ask(err)
	}
	a.source, err = signIn(ctx, Place{a.question, a.value})
	return a, err
}

// connect signs in, and finds Microsoft Graph.
func (a *access) connect(ctx context.Context, deps session.Deps) error {
	authority, err := deps.Authority(a.question.Options)
	if err != nil {
		return explain.Refusal(err)
	}
	tenant, err := authority.Discover(ctx)
	if err != nil {
		return refusal(err)
	}
	token, err := a.source.Token(ctx)
	if err != nil {
		return explain.SignIn(err)
	}
	return a.open(deps, tenant, token)
}

func (a *access) open(deps session.Deps, tenant entra.Tenant, token secret.Value) error {
	o := a.question.Options
	root := tenant.Graph
	if root == "" {
		root = strings.TrimSuffix(o.Scope, "/.default")
	}
	var err error
	a.directory, err = deps.Graph(graph.Options{
		Root: root, Token: token, Proxy: o.Proxy, CABundle: o.CABundle, UserAgent: o.UserAgent, Now: deps.Now,
	})
	if address, parseErr := url.Parse(root); err == nil && parseErr == nil {
		a.host = address.Host
		deps.Progress.Say(progress.Step, "ask Microsoft Graph at "+address.Host+" about the application "+a.question.ClientID)
	}
	return explain.Graph(err, "ask about the application")
}
