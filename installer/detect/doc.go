// Package detect works out a description of an installation that the vendor's
// installer made, from the texts of its configuration and the services of the host.
//
// # What it is
//
// A rule: what was read on a host in, a Proposal out. Propose finds the place of
// the client secret by the name of its key, at any depth, in any case and in every
// format of package document, and what belongs to it (client, tenant, sign-in host)
// in the same section; services by the paths of their programs; addresses to probe
// by what the backend is told to listen at. ReadEnvironments takes from the
// vendor's empowerenv.json what it can recognise: the form of that file is not
// public.
//
// # Invariants
//
//   - What is not certain is a Decision and no part of the description: the text of
//     the proposal has it as comments, and Complete is false. Everything that was
//     chosen says why in a comment.
//   - No description, decision, note or comment holds a value of the configuration
//     that could be a secret. Of what is copied (tenant, address to listen at,
//     sign-in host) the text passed the check of its setting.
//   - The text of a proposal reads back, by release.ParseInstallation, as the
//     installation that was proposed.
//
// # Errors
//
// ReadEnvironments returns the *syntax.Error of the file. What cannot be read of a
// configuration is a note, or a decision where the client secret could be in it.
//
// # Sources
//
// Microsoft.Identity.Web, wiki "Client credentials" (ClientCredentials[], SourceType,
// 2026); "Configuration in ASP.NET Core" (colons, double underscores, order of
// sources) and "Configure endpoints for Kestrel" (Kestrel:Endpoints, Urls,
// ASPNETCORE_URLS, HTTP_PORTS), learn.microsoft.com, 2026; "Use Key Vault
// references", learn.microsoft.com/azure/app-service, 2026.
package detect
