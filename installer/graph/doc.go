// Package graph reads and changes the client secrets of one application through
// Microsoft Graph v1.0.
//
// # What it is
//
// A Directory answers for an access token: applications with their password
// credentials, addPassword, removePassword, and the app management policy that
// limits them. Applications are named by client ID, which every permission can
// read that may change them; nothing lists or searches.
//
// # Invariants
//
// One call is one request over a fresh connection, Policy two at most; each is
// bounded by exchange.Within and one megabyte, and nothing is tried again: a
// password whose answer got lost may have been made, and only who called can
// tell by its display name. The token and the value of a new secret are in no
// error. startDateTime is never sent, because a clock that runs fast would make a
// secret that is not valid yet.
//
// # Units
//
// Times are UTC. Now of an Application is the server's clock by the header Date:
// ends of secrets are counted from it.
//
// # Errors
//
// What Graph itself refuses is an *Error with a Cause. What is between here and
// Graph, or answers in its place, is an *exchange.Error; a cancelled context is
// its cause.
//
// # Sources
//
// Microsoft, "Get application", "application: addPassword", "application:
// removePassword", "tenantAppManagementPolicy resource type", "List
// appManagementPolicies assigned to an application" and "Microsoft Graph error
// responses and resource types", learn.microsoft.com/graph, 2026; bodies that
// were seen, see package entratest.
package graph
