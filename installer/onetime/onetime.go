package onetime

import (
	"context"
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Kind is a product.
type Kind string

// The products.
const (
	SnapPass      Kind = "snappass"
	OnetimeSecret Kind = "onetimesecret"
)

// Kinds are all products, in the order in which they are looked for.
func Kinds() []Kind { return []Kind{SnapPass, OnetimeSecret} }

// Offer is what is put behind a link.
type Offer struct {
	Value      secret.Value
	TTL        time.Duration // whole seconds
	Passphrase secret.Value  // zero for none; SnapPass knows none
}

// Placed is a link, and how long it lives by the server's own word.
type Placed struct {
	Link secret.Value
	TTL  time.Duration
}

// State is what is known of a link without reading it.
type State struct {
	Known      bool // false where the server's API does not tell
	There      bool
	Passphrase bool // one is wanted
}

// Server is one server for one-time links.
type Server interface {
	// Kind is the product.
	Kind() Kind
	// Put stores a value and makes a link to it, at this very server.
	Put(ctx context.Context, o Offer) (Placed, error)
	// Peek tells what is behind a link, and leaves it there.
	Peek(ctx context.Context, l Link) (State, error)
	// Take reads what is behind a link, which is gone then.
	Take(ctx context.Context, l Link, passphrase secret.Value) (secret.Value, error)
}

// Reason is a cause that a person can act on. The words are stable.
type Reason string

// The reasons.
const (
	Gone            Reason = "link-gone"        // it expired, or it was read before
	WrongKey        Reason = "link-key-wrong"   // and what was behind it was deleted
	WrongPassphrase Reason = "passphrase-wrong" // or none was given; nothing was consumed
	NotServer       Reason = "not-such-a-server"
	Refused         Reason = "server-refused"
	Unreached       Reason = "server-unreached" // nothing was sent
	Lost            Reason = "answer-lost"      // the request was sent, and no answer that is one came
)

// Error is a request that did not end well. Cause is of the way to the server.
type Error struct {
	Why    Reason
	Host   string
	Status int // HTTP; 0 when there was no answer
	Cause  error
}

// Error names the host, the reason and the status or the cause.
func (e *Error) Error() string {
	switch {
	case e.Cause != nil:
		return fmt.Sprintf("%s: %s: %v", e.Host, e.Why, e.Cause)
	case e.Status != 0:
		return fmt.Sprintf("%s: %s: HTTP %d", e.Host, e.Why, e.Status)
	}
	return fmt.Sprintf("%s: %s", e.Host, e.Why)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Reason is the reason, for reports.
func (e *Error) Reason() string { return string(e.Why) }

// Consumed reports whether what was behind a link that was taken is gone, or may be.
func (e *Error) Consumed() bool { return e.Why == WrongKey || e.Why == Lost || e.Why == Gone }
