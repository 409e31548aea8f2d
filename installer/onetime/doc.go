// Package onetime puts a secret behind a link that can be read once, and reads it,
// at a server that people named: SnapPass or Onetime Secret.
//
// # What it is
//
// Find asks a server, without a secret, which product it is and which of its APIs
// it speaks. ParseLink checks a link's form before it is used, since SnapPass
// deletes what is behind a link whose key is wrong. Peek does not consume what is
// behind a link, Take does.
//
// # Invariants
//
// A link is as good as the secret: it is a secret.Value, and no error holds it, the
// value, a passphrase or a text of the server. https, but for a server on this very
// host. Nothing is sent twice and no redirect is followed: a Take is one request. A
// Client may be used concurrently.
//
// # Units
//
// A request takes ten seconds at most, and an answer has 1 MiB at most.
//
// # Errors
//
// Every error is a *Error, a *FormError, or the context's. A *Error says whether the
// link may have been consumed.
//
// # Sources
//
// SnapPass, snappass/main.py at 008d867 (github.com/pinterest/snappass): POST
// /api/v2/passwords, HEAD and GET /api/v2/passwords/TOKEN, POST /api/set_password/;
// GET /TOKEN is a preview, POST reveals; the value is deleted before it is
// decrypted, and a wrong key then ends in status 500. A token is a storage key,
// ~ and a Fernet key. TTL in seconds, 1209600 at most.
//
// Onetime Secret: v1 by https://docs.onetimesecret.com/en/rest-api/v1/create-secrets/
// and …/retrieve-secrets/ (2025-04-02), apps/api/v1/COMPAT.md and routes.txt
// (github.com/onetimesecret/onetimesecret): POST /api/v1/share, POST
// /api/v1/secret/KEY, 404 for whatever is wrong. v2 by
// https://docs.onetimesecret.com/en/rest-api/v2/ and apps/api/v2/routes.txt at
// 105b1e5: POST /api/v2/secret/conceal, GET /api/v2/secret/KEY/status, which reads
// the state and does not advance it, POST /api/v2/secret/KEY/reveal. A wrong
// passphrase consumes nothing.
package onetime
