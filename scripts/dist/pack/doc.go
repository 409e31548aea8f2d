// Package pack makes the packages of a release.
//
// # What it is
//
// Release builds the program for every target and puts it, with what belongs to
// it, into the forms that administrators install from: zip, tar.gz, MSI, deb and
// rpm, with an SBOM of each target and the SHA-256 of everything. Sign makes
// signed Windows packages of a release that stands.
//
// # Invariants
//
// The same commit, built by the same Go and the same wixl, gives the same bytes.
// Every time is that of the commit, every owner is root, every mode is 0644 or
// 0755, every list is sorted; no path, user or name of the building host is in
// any file. Programs are stamped with their commit (-buildvcs=true), so that
// support can ask a program what it is; a tag does not get into them, unless it is
// of the form v0.x or v1.x, which Go takes for versions of this module. Where
// files were changed since the commit, the version ends in -dirty.
//
// Signing comes after that and is apart: a signature holds a time, so the release
// stays as it is and what is signed stands beside it.
//
// No .syso is ever written: the version resource and the manifest are put into the
// program after it was linked.
//
// # What a host lacks
//
// Go is enough. Where wixl is missing, the MSI is left out and it is said; with
// DIST_STRICT it is an error.
//
// # Sources
//
// SOURCE_DATE_EPOCH, reproducible-builds.org. VERSIONINFO resource, Application
// manifests, Environment table and Package codes of Windows Installer: Microsoft
// Learn, October 2025. CycloneDX 1.6. package-url, type golang.
package pack
