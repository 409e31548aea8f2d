package explain

import (
	"context"
	"errors"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/proof"
	"github.com/empowersuite/backend-installer/installer/signin"
)

const (
	fromAz = "az account get-access-token --resource-type ms-graph"
	// byHand needs no sign-in at all.
	byHand = "or create the secret in the portal (Entra admin center > App registrations > your app > Certificates & secrets) and give its Value to installer configure"
	// otherWays are for who may not use a device code, or not here.
	otherWays = "--sign-in browser at a host whose browser your company manages, --sign-in token with what " + fromAz +
		" prints on your own computer, or --sign-in application where the application owns itself; " + byHand
)

// SignIn explains why there is no token for Microsoft Graph. Nothing was changed
// by then.
func SignIn(err error) error {
	var failure *exchange.Error
	if err == nil {
		return nil
	}
	for _, row := range signInRows() {
		if errors.Is(err, row.sentinel) {
			return fault.Wrap(row.code, err, row.what, row.remedy)
		}
	}
	switch {
	case errors.As(err, &failure):
		return proof.Fault(&proof.RefusedError{Failure: failure})
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(fault.Cancelled, err, "cancelled while somebody was to sign in; nothing was changed",
			"run the same command again when it suits")
	}
	return fault.Wrap(fault.Usage, err, "nobody can sign in",
		"correct identity.entra.authority, identity.entra.caBundle and identity.entra.proxy")
}

type signInRow struct {
	sentinel     error
	code         fault.Code
	what, remedy string
}

func signInRows() []signInRow {
	return []signInRow{
		{
			signin.ErrBlocked, fault.EntraNoVerdict, "a Conditional Access policy forbids this way to sign in",
			"sign in another way: " + otherWays,
		},
		{
			signin.ErrExpired, fault.EntraNoVerdict, "nobody signed in in time",
			"run the same command again and sign in at once; where the browser said that you do not have access (53003), a Conditional Access policy forbids it: " + otherWays,
		},
		{
			signin.ErrDeclined, fault.EntraNoVerdict, "the sign-in was declined in the browser",
			"run the same command again and accept, " + byHand,
		},
		{
			signin.ErrConsent, fault.EntraNoVerdict, "nobody has consented to what the client that signs in asks for",
			"have an administrator who may consent (Cloud Application Administrator, Privileged Role Administrator) sign in once with --sign-in browser, name another public client with --sign-in-client-id, " + byHand,
		},
		{
			signin.ErrClient, fault.EntraNoVerdict, "Entra ID signs nobody in with this client",
			"leave --sign-in-client-id out, or name an application of this tenant that has Authentication > Allow public client flows set to Yes; " + byHand,
		},
		{
			signin.ErrUnknownCode, fault.EntraNoVerdict, "Entra ID does not know the device code any more",
			"run the same command again",
		},
		{
			signin.ErrNoToken, fault.Usage, "what was given holds no access token",
			"pipe in what " + fromAz + " prints",
		},
		{
			signin.ErrForeign, fault.Usage, "the access token is not for Microsoft Graph",
			"pipe in what " + fromAz + " prints: the resource matters",
		},
		{
			signin.ErrSpent, fault.Usage, "the access token has expired",
			"pipe in what " + fromAz + " prints now",
		},
	}
}
