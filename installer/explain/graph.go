package explain

import (
	"context"
	"errors"
	"fmt"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/graph"
	"github.com/empowersuite/backend-installer/installer/proof"
)

// inThePortal is the way that never needs Microsoft Graph.
const inThePortal = "the same can be done by hand: Entra admin center > App registrations > your app > Certificates & secrets"

// Graph explains what Microsoft Graph answered, or why it could not be asked.
// Attempt is what was tried, as in "list the client secrets".
func Graph(err error, attempt string) error {
	var refused *graph.Error
	var failed *exchange.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return graphRefusal(refused, attempt)
	case errors.As(err, &failed):
		// What is between here and a service of Microsoft has one remedy, whichever
		// service was asked; only the words about the secret do not fit.
		advice := fault.Of(proof.Fault(&proof.RefusedError{Failure: failed}))
		return fault.Wrap(fault.EntraNoVerdict, err, attempt+": Microsoft Graph gave no answer", advice.Remedy+"; "+inThePortal)
	case errors.Is(err, graph.ErrClientID):
		return fault.Wrap(fault.Usage, err, attempt, "correct identity.entra.clientId: it is the Application (client) ID, a GUID")
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Cancelled(err)
	}
	return fault.Wrap(fault.Usage, err, attempt+": Microsoft Graph cannot be asked",
		"correct identity.entra.authority, identity.entra.caBundle and identity.entra.proxy")
}

func graphRefusal(refused *graph.Error, attempt string) error {
	said := graphAdvice()[refused.Cause]
	code := fault.GraphRefused
	switch refused.Cause {
	case graph.Conflict, graph.Throttled, graph.Disturbed:
		code = fault.EntraNoVerdict
	case graph.Unauthenticated, graph.Forbidden, graph.NotFound, graph.Gone, graph.Lifetime, graph.NoSecrets, graph.Full, graph.Odd:
	}
	return fault.Wrap(code, &saidError{refused}, attempt+": "+said.what, said.remedy+"; "+inThePortal)
}

// saidError is a refusal with Graph's own message and what support asks for.
type saidError struct{ refused *graph.Error }

// Error is the message on one line.
func (e *saidError) Error() string {
	text := e.refused.Error()
	if e.refused.Message != "" {
		text += ": " + e.refused.Message
	}
	if e.refused.RequestID != "" {
		text += fmt.Sprintf(" (request ID %s)", e.refused.RequestID)
	}
	return text
}

// Unwrap returns the refusal.
func (e *saidError) Unwrap() error { return e.refused }

type graphWords struct{ what, remedy string }

// graphAdvice has one row per cause.
func graphAdvice() map[graph.Cause]graphWords {
	return map[graph.Cause]graphWords{
		graph.Unauthenticated: {
			"Microsoft Graph does not accept the token",
			"fetch a fresh one for this tenant and for Microsoft Graph (az account get-access-token --resource-type ms-graph --tenant TENANT): one lasts about an hour, and one of another resource, tenant or cloud is not accepted",
		},
		graph.Forbidden: {
			"the account may not do that",
			"sign in as an owner of the application, an Application Administrator or a Cloud Application Administrator, with Application.ReadWrite.All; an application that signs in as itself needs Application.ReadWrite.OwnedBy with admin consent, and to be among its own owners",
		},
		graph.NotFound: {
			"the tenant of the token has no such application",
			"fetch the token for the tenant in identity.entra.tenantId and compare identity.entra.clientId with Application (client) ID; where it was registered only now, run the same command again in a minute",
		},
		graph.Gone: {
			"the application has no client secret of that ID",
			"list them with installer secrets list; where it was made only now, run the same command again in a minute",
		},
		graph.Conflict: {
			"another change to the tenant is under way",
			"run the same command again in a minute",
		},
		graph.Throttled: {
			"Microsoft Graph asks for fewer requests",
			"run the same command again in some minutes; look for another program that asks over and over",
		},
		graph.Lifetime: {
			"a policy of the tenant limits how long a client secret may live",
			"give a shorter --lifetime; the policy is shown in the Entra admin center > Enterprise applications > Application policies",
		},
		graph.NoSecrets: {
			"a policy of the tenant forbids client secrets for this application",
			"ask your Entra administrator for an exception in the app management policy",
		},
		graph.Full: {
			"the application holds too many credentials",
			"remove those that have expired and that nobody uses (installer secrets list names them)",
		},
		graph.Disturbed: {
			"Microsoft Graph is disturbed",
			"run the same command again in some minutes; https://status.cloud.microsoft tells of outages",
		},
		graph.Odd: {
			"Microsoft Graph refused",
			"send what is shown here to support",
		},
	}
}
