// Package settings is the table of everything an administrator can set.
//
// # What it is
//
// One table drives the wizard, the answers file and its JSON schema, --set, the
// environment variables and the README. A setting that is not in it does not
// exist. The package reads answers files, merges what several sources say, and
// looks at a client secret before it is sent anywhere.
//
// # Invariants
//
//   - Pure: texts and values in, values and problems out.
//   - No error and no problem quotes a value: what stands at a wrong place may
//     be the secret.
//   - Every mistake of an answers file is told in one run, with its place.
//   - Save and ParseAnswers are inverse to each other, origins aside.
//
// # Sources
//
// Tenant names and authorities: Microsoft, "National clouds" and "OAuth 2.0
// client credentials flow", learn.microsoft.com/entra/identity-platform, 2026.
// Form and checksum of client secrets: Microsoft, security-utilities,
// SEC101/156 and IdentifiableMetadata.cs, github.com/microsoft/security-utilities,
// 2026. JSON Schema draft 2020-12.
package settings
