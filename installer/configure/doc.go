// Package configure changes settings of an installation that stands; above
// all, it replaces the Entra ID client secret.
//
// The order is the promise: the secret is proven at Entra ID before a file is
// touched, every file is staged before the first is switched, services restart
// in order, the new processes prove themselves, and only then is the change
// closed. Whatever fails puts everything back.
package configure
