// Package install puts a release of the backend on a host: renders its
// configuration from templates, registers its services, starts them, and
// proves that they are healthy and signed in.
//
// A second run with the same answers is unchanged. A run that fails, or is
// killed, leaves nothing behind but its log. What an administrator put on the
// host before is never overwritten.
package install
