// Package expiry decides when people are warned of a client secret that ends, and
// in which words.
//
// # What it is
//
// Decide turns what is known of the secret in place, what Entra ID says of it and
// what was warned of before into warnings and the state to remember. Level is how
// grave it stands, warned of or not. Settings are those of the command watch.
//
// # Invariants
//
//   - A threshold is warned of once, and again after another secret is in place or
//     another last day is told. Who was not asked for a while gets one warning, for
//     the nearest threshold, and not one for each that went by.
//   - A refusal by Entra ID is warned of at once, and again when Entra ID accepted
//     the secret in between or refuses it for another reason. No verdict is none.
//   - A refusal within ten minutes after the secret was set is no verdict: replicas
//     of Entra ID learn of a secret one after the other.
//   - Nothing here holds a secret.
//
// # Units
//
// Days are days of UTC. The last day is still a day on which the secret works: on
// it 0 days are left, and on the day after -1.
//
// # Sources
//
// Nagios Plugins, "Development Guidelines", threshold and performance data format
// (read in November 2026). Prometheus, "Exposition formats" and node_exporter's
// textfile collector (the same).
package expiry
