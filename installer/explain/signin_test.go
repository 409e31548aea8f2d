package explain_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/signin"
)

func TestASignInThatGivesNoTokenNamesTheOtherWays(t *testing.T) {
	refused := &exchange.Error{Class: exchange.ConditionalAccess, Host: "login.example", Code: 53003}
	blocked := fmt.Errorf("sign in by device code: %w: %w", signin.ErrBlocked, refused)
	for _, way := range []string{"--sign-in browser", "--sign-in token", "--sign-in application", "installer configure"} {
		want(t, explain.SignIn(blocked), fault.EntraNoVerdict, way)
	}
	want(t, explain.SignIn(signin.ErrExpired), fault.EntraNoVerdict, "53003")
	want(t, explain.SignIn(signin.ErrDeclined), fault.EntraNoVerdict, "accept")
	want(t, explain.SignIn(signin.ErrConsent), fault.EntraNoVerdict, "--sign-in-client-id")
	want(t, explain.SignIn(signin.ErrClient), fault.EntraNoVerdict, "Allow public client flows")
	want(t, explain.SignIn(signin.ErrUnknownCode), fault.EntraNoVerdict, "again")
	for _, err := range []error{signin.ErrNoToken, signin.ErrForeign, signin.ErrSpent} {
		want(t, explain.SignIn(err), fault.Usage, "az account get-access-token --resource-type ms-graph")
	}
}

func TestASignInThatEndsOnTheWayIsExplainedAsAProofIs(t *testing.T) {
	want(t, explain.SignIn(&exchange.Error{Class: exchange.DNS, Host: "login.example"}), fault.EntraNoVerdict, "login.example")
	want(t, explain.SignIn(&exchange.Error{Class: exchange.SecretWrong, Host: "login.example"}), fault.SecretRejected, "Value")
	want(t, explain.SignIn(fmt.Errorf("sign in: %w", context.Canceled)), fault.Cancelled, "again")
	want(t, explain.SignIn(errors.New("the authority is no https address")), fault.Usage, "identity.entra.authority")
	if err := explain.SignIn(nil); err != nil {
		t.Errorf("got %v, want nothing", err)
	}
}
