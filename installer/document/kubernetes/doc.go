// Package kubernetes finds, replaces and adds the values of Secrets in manifests,
// and values in files that Secrets hold.
//
// # What it is
//
// A manifest is YAML, of one document or several; the items of a List are its
// objects, too. An address is
//
//	[OBJECT:]/data/KEY[#FORMAT:AT]
//	[OBJECT:]/stringData/KEY[#FORMAT:AT]
//
// OBJECT is NAME or NAMESPACE/NAME, and needed where several Secrets have the key.
// In data a value is base64; what is found and given is what that stands for.
// FORMAT and AT lead into the file that the key holds, as
// backend:/stringData/appsettings.json#jsonc:/AzureAd/ClientSecret.
//
// # Invariants
//
//   - Package yamldoc writes and verifies, and what holds for it holds here. In a
//     literal block only the bytes of the inner value change; another scalar is
//     written anew as a whole, in its own style.
//   - An inner file is verified by its own format before it is put back.
//   - Where a place is added to a file in a literal block, only lines are added.
//   - Refused: a key in data and stringData, of which the cluster takes the second;
//     immutable Secrets; a last-applied-configuration annotation that holds the
//     present value and would keep it, or the new one; data that is no base64 or no
//     text; SealedSecret, ExternalSecret and what sops encrypted; what aliases or
//     merge keys bring in.
//
// # Units
//
// Offsets are bytes of the manifest, also those of a value in an inner file. Where
// that is written anew as a whole they are those of the key's value.
//
// # Errors
//
// All are *syntax.Error.
//
// # Sources
//
// Kubernetes API reference, Secret v1 (kubernetes.io/docs/reference, 2026);
// RFC 4648, 4.
package kubernetes
