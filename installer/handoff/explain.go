package handoff

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/onetime"
)

// disclosed is what to do where others may know a secret.
const disclosed = "treat the secret as disclosed, unless you know who opened the link: have this credential removed in the portal " +
	"(App registrations, Certificates & secrets), a new one made there, and that one handed over by a new link"

func failed(err error) (onetime.Reason, bool) {
	var e *onetime.Error
	if errors.As(err, &e) {
		return e.Why, true
	}
	return "", false
}

// explainServer is about a server that was asked without a secret.
func explainServer(err error) error {
	why, ok := failed(err)
	switch {
	case !ok && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)):
		return fault.Wrap(fault.Cancelled, err, "cancelled; nothing was sent", "run the same command again when it suits")
	case !ok:
		return fault.Wrap(fault.Cancelled, err, "ended; nothing was sent", "run the same command again when it suits")
	case why == onetime.NotServer:
		return fault.Wrap(fault.LinkNoAnswer, err, "this is no server of SnapPass or Onetime Secret, or not at this address",
			"name the address that the server's own pages have, without a redirect; a server of another product is for the browser: open it there")
	case why == onetime.Refused:
		return fault.Wrap(fault.LinkNoAnswer, err, "the server for one-time links refuses: it wants a sign-in, or it was asked too often",
			"use a server that takes requests without a sign-in, or wait some minutes and run the same command again")
	}
	return fault.Wrap(fault.LinkNoAnswer, err, "the server for one-time links was not reached",
		"check name, port, proxy (identity.entra.proxy, HTTPS_PROXY) and certificate (identity.entra.caBundle) from this host")
}

// explainPut is about a secret that was to be put behind a link.
func explainPut(err error) error {
	why, _ := failed(err)
	switch why {
	case onetime.Lost:
		return fault.Wrap(fault.LinkNoAnswer, err, "no answer came: the server may hold the secret behind a link that nobody knows, until its time is over",
			"run the same command again: it makes another link")
	case onetime.Refused:
		return fault.Wrap(fault.LinkNoAnswer, err, "the server for one-time links does not take the secret",
			"give a shorter --ttl, or the passphrase that the server asks for; a server that wants a sign-in is for the browser")
	case onetime.Gone, onetime.WrongKey, onetime.WrongPassphrase, onetime.NotServer, onetime.Unreached:
	}
	return explainServer(err)
}

// explainTake is about a link that was to be read.
func explainTake(err error, guessed bool) error {
	why, _ := failed(err)
	switch why {
	case onetime.Gone:
		what := "the link is used up: it expired, or somebody has opened it before"
		if guessed {
			what += ", or the passphrase is wrong, which this server does not tell"
		}
		return fault.Wrap(fault.LinkRefused, err, what, disclosed)
	case onetime.WrongKey:
		return fault.Wrap(fault.LinkRefused, err, "the key in the link is wrong, and the server has deleted what was behind it",
			"nobody got the secret by this link: ask for a new link to it, copied whole")
	case onetime.WrongPassphrase:
		return fault.Wrap(fault.LinkRefused, err, "the passphrase is missing or wrong; nothing was consumed",
			"give it with --passphrase-file FILE or EMPOWER_LINK_PASSPHRASE, or at a terminal and be asked; ask who sent the link for it")
	case onetime.Lost:
		return fault.Wrap(fault.LinkNoAnswer, err, "no answer came: the secret may have been consumed on its way",
			"run the same command again: it looks whether the link still holds the secret before it reads it")
	case onetime.NotServer, onetime.Refused, onetime.Unreached:
	}
	return explainServer(err)
}

// explainForm is about a text that is no link.
func explainForm(err error) error {
	return fault.Wrap(fault.LinkRefused, err, "this cannot be a one-time link; nothing was sent",
		"give the link as it was made, and nothing else: a wrong key would destroy what is behind it")
}

// cutOff is a link whose value was lost on its way here.
func cutOff() error {
	return fault.New(fault.LinkRefused, "a run on this host was cut off while it read the link: the secret was consumed and is lost",
		"have this credential removed in the portal (App registrations, Certificates & secrets), a new one made there, and that one handed over by a new link")
}
