package status

import (
	"fmt"
	"time"

	"github.com/empowersuite/backend-installer/installer/atomicfile"
	"github.com/empowersuite/backend-installer/installer/expiry"
	"github.com/empowersuite/backend-installer/installer/report"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/site"
)

// tellCredential says which secret is in place and until when. What is on record of
// another secret is not told of this one.
func tellCredential(r *report.Report, deps session.Deps, here site.Site, files []site.File) {
	value, held := here.Value(files, settings.ClientSecret)
	known := here.Record.Credential
	if held && !value.IsZero() {
		r.Credential = &report.Credential{Fingerprint: here.Fingerprint(value)}
		if known != nil && known.Fingerprint != r.Credential.Fingerprint {
			r.Warnings = append(r.Warnings, "the client secret in the file is not the one that was set last: which one it is and when it ends is not known")
			return
		}
	}
	if known == nil {
		return
	}
	if r.Credential == nil {
		r.Credential = &report.Credential{}
	}
	c := r.Credential
	c.ID, c.DisplayName, c.Starts, c.Expires = known.ID, known.DisplayName, known.Starts, known.Expires
	c.KnownFrom, c.Validation, c.SetBy = known.KnownFrom, known.Validation, known.SetBy
	c.HintMatched = known.KnownFrom == site.Directory // it recognises nothing else
	if !known.SetAt.IsZero() {
		c.SetAt = &known.SetAt
	}
	tellTimes(r, known, lastProof(here, known), deps.Now())
}

// tellTimes says what the time makes of it.
func tellTimes(r *report.Report, known *site.Credential, proof, now time.Time) {
	c := r.Credential
	if !proof.IsZero() {
		age := int64(now.Sub(proof) / time.Second)
		c.ProvenAt, c.ProofAgeSeconds = &proof, &age
	}
	days, ok := expiry.DaysLeft(known.Expires, now)
	if !ok {
		return
	}
	c.DaysLeft = &days
	switch {
	case known.ExpiredBy(now):
		r.Warnings = append(r.Warnings, "the recorded last day of the client secret is over")
	case days <= expiry.Defaults().Limits().Warning:
		r.Warnings = append(r.Warnings, fmt.Sprintf("the client secret expires in %d day(s), on %s", days, known.Expires))
	}
}

// lastProof is when Entra ID accepted the secret last: when it was set, or when
// watch asked.
func lastProof(here site.Site, known *site.Credential) time.Time {
	last := known.LastProof()
	file, err := atomicfile.Read(here.Folder.Watch(), site.MaxFileBytes)
	if err != nil {
		return last
	}
	watched, err := expiry.ParseState(file.Data)
	if err == nil && known.Fingerprint != "" && watched.Identity == known.Fingerprint && watched.ProvenAt.After(last) {
		return watched.ProvenAt
	}
	return last
}
