// Package handoff hands a client secret over by a one-time link, to the vendor's
// support or to a colleague, and takes one that was handed over.
//
// Create proves a secret at Entra ID, where that was not just done, puts it behind a
// link at the server that is named, and gives the text for the ticket. Nothing is sent to a server before it
// was approved. Open reads a link, once, and keeps the value in the state folder
// until configure has proved it.
//
// # Invariants
//
// A link is looked at before it is read, and read in one request. That it is about
// to be read is on the disk before, and the value is on the disk before Open
// returns, so that a run that is killed loses a value only while it is on its way;
// the next run says so. A link that was read before, by others or by a run that was
// cut off, means that the secret may be known: it is to be replaced.
//
// # Errors
//
// Every error is a *fault.Error: link-refused, link-no-answer, and those of the
// proof. None holds a link, a value or a passphrase.
package handoff
