package entratest

import "time"

// quietShare is the first part of a spread in which no replica knows the
// password, flapping or not.
const quietShare = 1.0 / 3

// spread is the way of a fresh password to all replicas. It ends when the
// delay is over and the refusals are spent; without either it is over at once.
type spread struct {
	since    time.Time
	delay    time.Duration
	refusals int
	flapping bool
	asked    uint64 // how often since the quiet part; starts at the seed
	refused  int
}

func (k Knobs) spread(now time.Time, seed uint64) *spread {
	return &spread{
		since: now, delay: k.Propagation, refusals: k.Refusals,
		flapping: k.Flapping, asked: seed,
	}
}

// reached reports whether the replica that takes this request knows the
// password. While it flaps, every other request does.
func (s *spread) reached(now time.Time) bool {
	if s == nil {
		return true
	}
	share := s.share(now)
	known := share >= 1
	if !known && s.flapping && share >= quietShare {
		s.asked++
		known = s.asked%2 == 1
	}
	if !known {
		s.refused++
	}
	return known
}

// share is how far the spread has come; 1 or more is the end.
func (s *spread) share(now time.Time) float64 {
	share := 1.0
	if s.delay > 0 {
		share = float64(now.Sub(s.since)) / float64(s.delay)
	}
	if s.refusals > 0 {
		share = min(share, float64(s.refused)/float64(s.refusals))
	}
	return share
}
