package session

import (
	"context"
	"time"

	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/site"
)

// learnWithin bounds what is asked without need.
const learnWithin = 5 * time.Second

// Acceptance is what came of asking Entra ID about a secret.
type Acceptance struct {
	Warnings []string // what a person should know besides

	question site.Question
	value    secret.Value
	proven   proof.Proven
}

// Learn asks Microsoft Graph which credential an accepted secret is, and until when it
// is good, where that is not told yet. The application asks, with the token that
// accepted it; most may not read themselves, and one without any permission is spared
// the question. It asks once, for five seconds at most, and knows no more afterwards
// where there is no answer. The texts are what a person should know.
func (d Deps) Learn(ctx context.Context, of Acceptance, told site.Known) (site.Known, []string) {
	root, grant, o := of.proven.Tenant.Graph, of.proven.Grant, of.question.Options
	if told.Settled() || root == "" || grant.Token.IsZero() || grant.Powerless {
		return told, nil
	}
	ctx, cancel := context.WithTimeout(ctx, learnWithin)
	defer cancel()
	directory, err := d.Graph(graph.Options{
		Root: root, Token: grant.Token, Proxy: o.Proxy, CABundle: o.CABundle, UserAgent: o.UserAgent, Now: d.Now,
	})
	var app graph.Application
	if err == nil {
		app, err = directory.Application(ctx, of.question.ClientID)
	}
	if err != nil {
		d.Progress.Say(progress.Detail, "Microsoft Graph does not tell the secret's ID and last day: "+err.Error())
		return told, nil
	}
	return site.Learn(app.Credentials, of.value, told)
}
