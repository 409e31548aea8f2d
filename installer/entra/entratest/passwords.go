package entratest

import (
	"crypto/rand"
	"fmt"
	"slices"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	marker       = "TST8Q~not-a-real-secret-"
	alphabet     = "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~"
	randomChars  = 13
	brokenEnding = "Z00" // the checksum of a real secret starts with a, b, c or d
	hintChars    = 3
)

// NewSecret makes a client secret of the right shape and length that no
// scanner takes for a real one: it carries a marker and its checksum is wrong.
func NewSecret() secret.Value {
	random := make([]byte, randomChars)
	_, _ = rand.Read(random) // it never fails
	for i, b := range random {
		random[i] = alphabet[int(b)%len(alphabet)]
	}
	return secret.New(marker + string(random) + brokenEnding)
}

func newGUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	return guidOf(b)
}

func guidOf(b [16]byte) string {
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// password is a Password with its way through the replicas.
type password struct {
	Password
	spread *spread   // nil once every replica knows it
	added  time.Time // zero for one that came with the application
}

// Hint is what a directory shows of a secret: its first three characters.
func (p Password) Hint() string {
	text := p.Value.Reveal()
	return text[:min(hintChars, len(text))]
}

func (a *application) add(p Password, now time.Time, way *spread) (*password, error) {
	if p.Value.IsZero() {
		p.Value = NewSecret()
	}
	if p.KeyID == "" {
		p.KeyID = newGUID()
	}
	if !isGUID(p.KeyID) {
		return nil, fmt.Errorf("key ID %q: %w: wanted a GUID", p.KeyID, ErrMalformed)
	}
	if slices.ContainsFunc(a.passwords, func(other *password) bool { return other.KeyID == p.KeyID }) {
		return nil, fmt.Errorf("key ID %q: %w", p.KeyID, ErrTaken)
	}
	if p.End.IsZero() {
		p.End = now.AddDate(2, 0, 0)
	}
	added := &password{Password: p, spread: way}
	a.passwords = append(a.passwords, added)
	return added, nil
}

func (p *password) expired(now time.Time) bool { return !now.Before(p.End) }

func (p *password) valid(now time.Time) bool { return !p.expired(now) && !now.Before(p.Start) }

// verdict is how a secret was judged: code 0 is a right one.
type verdict struct {
	code  int
	keyID string // of the password that matched, known to the replica or not
}

// check judges a secret as one replica does, which may not know it yet.
// Expiry goes by the server's clock, the spread by real time.
func (a *application) check(value secret.Value, clock, now time.Time) verdict {
	i := slices.IndexFunc(a.passwords, func(p *password) bool { return p.Value.Equal(value) })
	if i < 0 {
		return verdict{code: codeSecretWrong}
	}
	p := a.passwords[i]
	switch {
	case !p.spread.reached(now):
		return verdict{a.stale(p, clock), p.KeyID}
	case p.expired(clock):
		return verdict{codeSecretExpired, p.KeyID}
	case !p.valid(clock):
		return verdict{codeSecretWrong, p.KeyID}
	default:
		return verdict{keyID: p.KeyID}
	}
}

// stale is what a replica without the fresh password answers: where every
// password that it knows has expired, it says so.
func (a *application) stale(fresh *password, clock time.Time) int {
	known := 0
	for _, p := range a.passwords {
		if p == fresh {
			continue
		}
		if !p.expired(clock) {
			return codeSecretWrong
		}
		known++
	}
	if known == 0 {
		return codeSecretWrong
	}
	return codeSecretExpired
}
