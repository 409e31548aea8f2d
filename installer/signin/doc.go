// Package signin gets an access token for Microsoft Graph: an administrator's, by
// device code, by the browser or from a tool that has one, or the application's
// own.
//
// # What it is
//
//	source, err := signin.ByDeviceCode(signin.Options{…})
//	token, err := source.Token(ctx)
//
// A Source signs in when it is first asked and remembers the token in memory
// until five minutes before its end. It may be asked from several goroutines;
// one of them signs in.
//
// ByDeviceCode shows a code and a page (Options.Show), then polls as often as
// Entra ID says; slow_down adds five seconds for good, as RFC 8628 wants, and a
// broken way there doubles the pause, up to five times in a row. It ends with the
// code. golang.org/x/oauth2 has that flow, too, but ends it at the first broken
// connection, drops the localised message and cannot be given a clock.
//
// ByBrowser listens on a free port of 127.0.0.1, opens the page that signs in and
// takes one answer with the state that it made up; PKCE binds the code to this
// process. The redirect URI is http://localhost:PORT, whose port Entra ID ignores.
//
// # Invariants
//
// Tokens, device codes and user codes are secret.Value; no error and no event
// holds one, nor the client secret, nor a body. No refresh token is asked for,
// and nothing is written anywhere.
//
// The user code is for the eyes of who runs the program: it reaches nobody but
// Options.Show.
//
// # Errors
//
// ErrDeclined, ErrExpired, ErrBlocked, ErrClient, ErrConsent, ErrUnknownCode,
// ErrNoToken, ErrForeign and ErrSpent tell what a person can act on; an *exchange.Error in the chain
// tells what Entra ID said, or what broke on the way there. The end of the context
// is its cause.
//
// # Sources
//
// Microsoft, "OAuth 2.0 device authorization grant flow", "OAuth 2.0 authorization
// code flow" and "Redirect URI (reply URL) restrictions and limitations",
// learn.microsoft.com/entra/identity-platform, 2026; RFC 6749, 7636, 8252, 8628.
package signin
