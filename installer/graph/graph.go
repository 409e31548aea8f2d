package graph

import (
	"context"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

// Directory is Microsoft Graph, seen with one access token.
type Directory interface {
	// Application reads an application with its password credentials. A replica
	// that is behind may lack a fresh one, or the application.
	Application(ctx context.Context, clientID string) (Application, error)
	// AddPassword makes a client secret. Its value is given once, here.
	AddPassword(ctx context.Context, clientID string, wanted Wanted) (Created, error)
	// RemovePassword removes the one of this key ID. The cause is Gone
	// where there is none, which is also what a replica that is behind says.
	RemovePassword(ctx context.Context, clientID, keyID string) error
	// Policy is what holds for new secrets of an application. It needs a
	// permission of its own: Forbidden says only that the policy is not known.
	Policy(ctx context.Context, of Application) (Policy, error)
}

// Options says where and how to ask.
type Options struct {
	Root      string       // https root, e.g. https://graph.microsoft.com
	Token     secret.Value // for Microsoft Graph
	Proxy     string       // "" = from the environment
	CABundle  []byte       // PEM added to the system's roots; nil = none
	UserAgent string
	Now       func() time.Time // nil is time.Now
}

// Application is an app registration.
type Application struct {
	ObjectID    string
	ClientID    string
	Name        string
	Registered  time.Time // zero where it is not told
	Credentials []Credential
	Now         time.Time // the server's clock when it answered
}

// Credential is a client secret as the directory shows it, without its value.
type Credential struct {
	KeyID string // the portal's Secret ID
	Name  string
	Hint  string // the first three characters of the value; "" for old ones
	Start time.Time
	End   time.Time // zero where it is not told
}

// Wanted is a client secret to be made.
type Wanted struct {
	Name string
	End  time.Time
}

// Created is a client secret that was made.
type Created struct {
	Credential
	Value secret.Value
}

// Policy is what an app management policy says of new client secrets. The zero
// Policy restricts nothing.
type Policy struct {
	Forbidden bool          // none may be added
	Longest   time.Duration // 0: no limit
}
