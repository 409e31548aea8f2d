// Package notify tells people and programs elsewhere.
//
// # What it is
//
// Sink takes a message. Mail sends it by SMTP, Webhook posts it as JSON or as a card
// for Microsoft Teams, Textfile writes its gauges for Prometheus.
//
// # Invariants
//
//   - A Send is one attempt, bounded by its context and by 20 seconds. Whether to
//     try again is for the caller, which ErrFinal tells that it is of no use.
//   - Mail goes over TLS, also its password, but to a server on this host itself.
//   - A webhook's address is a secret: those of Teams hold a signature. No error
//     holds it, a password, or what a server answered at length.
//   - No redirect is followed.
//
// # Errors
//
// An error that matches ErrFinal, the context's, or one of the network.
//
// # Sources
//
// RFC 5321, RFC 3207 (STARTTLS), RFC 4954 (AUTH), RFC 3834 (Auto-Submitted), RFC
// 2104 (HMAC). Microsoft Learn, "Create incoming webhooks with Workflows for
// Microsoft Teams" and "Adaptive Cards for Power Automate": a message of type
// "message" with an attachment of application/vnd.microsoft.card.adaptive.
// Prometheus, "Exposition formats", text format 0.0.4. All read in November 2026.
package notify
