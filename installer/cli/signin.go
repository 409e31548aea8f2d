package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/exchange"
	"github.com/empowersuite/backend-installer/installer/explain"
	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/signin"
)

// The ways to get an access token for Microsoft Graph.
const (
	signInDeviceCode  = "device-code"
	signInBrowser     = "browser"
	signInToken       = "token"
	signInApplication = "application"
)

// SignIn is how a command gets an access token for Microsoft Graph: its flags
// --sign-in and --sign-in-client-id.
type SignIn struct {
	way      string
	clientID string
}

// SignInTo is what a token is wanted for.
type SignInTo struct {
	Entra          entra.Options // where; Scope is that of Microsoft Graph
	Permission     string        // of a person: signin.Read or signin.Write
	ClientID       string        // the application, for --sign-in application
	Secret         secret.Value  // its client secret, for --sign-in application; empty where it is not known
	NonInteractive bool          // nobody may be asked
}

// Register adds the flags to a command.
func (f *SignIn) Register(flags *pflag.FlagSet) {
	flags.StringVar(&f.way, "sign-in", signInDeviceCode,
		"how to sign in for Microsoft Graph: device-code, browser, token (on stdin, from az account get-access-token --resource-type ms-graph) or application (by itself)")
	flags.StringVar(&f.clientID, "sign-in-client-id", signin.DefaultClientID,
		"the `ID` of the public client that people sign in with; the default is Microsoft Graph Command Line Tools")
}

// Alone reports whether it needs no person.
func (f *SignIn) Alone() bool { return f.way == signInApplication }

// ReadsStdin reports whether stdin is taken for the token.
func (f *SignIn) ReadsStdin() bool { return f.way == signInToken }

// Source is the way that the flags name. Only a token on stdin is read here;
// everything else happens when the Source is asked. The error is a *fault.Error;
// those of the Source are for explain.SignIn.
func (f *SignIn) Source(ctx context.Context, w World, to SignInTo) (signin.Source, error) {
	o := f.options(w, to)
	switch f.way {
	case signInDeviceCode, signInBrowser:
		if to.NonInteractive || w.IO.Unattended {
			return nil, usage("--sign-in "+f.way+" needs a person, and nobody can be asked here",
				"say --sign-in application, or --sign-in token with a token on stdin")
		}
		if f.way == signInBrowser {
			return explained(signin.ByBrowser(o, w.Browse))
		}
		return explained(signin.ByDeviceCode(o))
	case signInToken:
		a := &app{world: w}
		given, err := a.secretFromStdin(ctx, "the access token")
		if err != nil {
			return nil, err
		}
		return explained(signin.ByToken(o, given))
	case signInApplication:
		if to.Secret.IsZero() {
			return nil, usage("--sign-in application needs the application's client secret, and it is not known",
				"say --sign-in device-code, browser or token")
		}
		return explained(signin.ByApplication(o, to.ClientID, to.Secret))
	}
	return nil, usage(fmt.Sprintf("--sign-in is %q", f.way), "say device-code, browser, token or application")
}

func explained(source signin.Source, err error) (signin.Source, error) {
	if err != nil {
		return nil, explain.SignIn(err)
	}
	return source, nil
}

func (f *SignIn) options(w World, to SignInTo) signin.Options {
	return signin.Options{
		Authority: to.Entra.Authority, Tenant: to.Entra.Tenant, Resource: strings.TrimSuffix(to.Entra.Scope, "/.default"),
		Way: exchange.Options{
			Proxy: to.Entra.Proxy, CABundle: to.Entra.CABundle, UserAgent: to.Entra.UserAgent, Now: w.Deps.Now,
		},
		ClientID: f.clientID, Permission: to.Permission, Language: language(w.Getenv), Wait: w.Deps.Proof.Wait,
		Show: func(i signin.Instruction) { write(w.IO.Err, instruction(i)) }, Progress: w.Deps.Progress,
	}
}

// instruction is for the eyes of who runs the program: it holds a code, so it is
// written past the log.
func instruction(i signin.Instruction) string {
	switch {
	case i.Problem != nil:
		return "installer: warning: " + i.Problem.Error() +
			": open the address at this host by hand, or press Ctrl-C and say --sign-in device-code\n"
	case !i.Text.IsZero():
		return "\n     " + i.Text.Reveal() + "\n\n"
	case !i.Code.IsZero():
		return "\n     Sign in: open " + i.URL + " in any browser and enter the code " + i.Code.Reveal() + "\n\n"
	}
	return "\n     Sign in with the browser of this host. Where it does not open, open\n     " + i.URL + "\n\n"
}

// language is that of the environment as Microsoft writes it; "" where it names
// none.
func language(getenv func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		text, _, _ := strings.Cut(getenv(name), ".")
		text, _, _ = strings.Cut(text, "@")
		switch text {
		case "":
		case "C", "POSIX":
			return ""
		default:
			return strings.ReplaceAll(text, "_", "-")
		}
	}
	return ""
}
