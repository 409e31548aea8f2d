package entratest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Answer is what a server says in place of the truth: one of the constants or
// AADSTS(n).
type Answer string

// The answers that are not AADSTS errors.
const (
	Truth     Answer = ""
	Throttled Answer = "throttled"  // 429, plain text, Retry-After
	Gateway   Answer = "gateway"    // 502, HTML
	ProxyPage Answer = "proxy-page" // 200, HTML of a captive proxy
	ProxyAuth Answer = "proxy-auth" // 407, HTML
	Redirect  Answer = "redirect"   // 302 to a log-in page of a proxy
	Malformed Answer = "malformed"  // 200, JSON that breaks off inside the token
	NoToken   Answer = "no-token"   // 200, a JSON object without a token
	Huge      Answer = "huge"       // 200, JSON of 32 MiB
	SlowBody  Answer = "slow-body"  // the true answer, one byte each 100 ms
	NoAnswer  Answer = "no-answer"  // the connection stays open and silent for a minute
	Cut       Answer = "cut"        // the connection ends without an answer
	Lost      Answer = "lost"       // Graph: it is done, and the connection ends without an answer
)

// AADSTS is the answer with this error number, worded as the real one where
// the package knows it.
func AADSTS(code int) Answer { return Answer(strconv.Itoa(code)) }

// TLS is what is wrong with the server's handshake.
type TLS string

// The handshakes. A client of the admin API is not affected.
const (
	TLSGood      TLS = ""
	TLSOld       TLS = "1.1"        // nothing above TLS 1.1
	TLSExpired   TLS = "expired"    // certificate of yesterday
	TLSEarly     TLS = "early"      // certificate of tomorrow
	TLSWrongName TLS = "wrong-name" // certificate for another host
	TLSOtherCA   TLS = "other-ca"   // certificate of an authority that CAPEM does not hold
)

// Knobs are what a test turns. The zero value is a sound server.
type Knobs struct {
	// Propagation, Refusals and Flapping hold for passwords that are added from
	// now on. Such a password is refused for that time and that often; flapping
	// means that, after the first third of it, every other request succeeds.
	Propagation time.Duration
	Refusals    int
	Flapping    bool

	ClockOffset time.Duration // of Date, timestamps and expiry

	Answer      Answer        // in place of the truth
	AnswerCount int           // to so many requests; 0: to all
	AnswerAt    string        // token (default), devicecode, discovery, or every
	RetryAfter  time.Duration // header of Throttled and of 5xx errors; 0: 60 s for Throttled, else none

	CRLF          bool   // error descriptions with line breaks, as until 2023
	Token         string // v1 (default), v2 or opaque
	ForeignTokens bool   // tokens name another tenant and application
	UnaskedTokens bool   // users get a refresh token and an ID token whatever the scope
	TLS           TLS

	// Of sign-ins by device code.
	DeviceInterval time.Duration // 0: 5 s
	DeviceLifetime time.Duration // 0: 15 min; of codes from now on
	SlowDowns      int           // so many polls are answered slow_down
	DevicePolicy   DevicePolicy

	DeclineConsent bool // the user of a browser declines to consent

	// Microsoft Graph.
	GraphAnswer      Answer        // a word of graph.yaml, or one of the constants that are no AADSTS error
	GraphAnswerCount int           // to so many requests; 0: to all
	GraphAnswerAt    string        // read, add, remove or policy; "" for every
	GraphLag         time.Duration // reads and removals see the state of so long ago
	PolicyNoSecrets  bool          // the tenant's app management policy forbids client secrets
	PolicyLifetime   time.Duration // and limits their lifetime; 0: no limit
}

// DevicePolicy is a policy of Conditional Access against device code.
type DevicePolicy string

// The policies.
const (
	PolicyNone    DevicePolicy = ""
	PolicyAtPage  DevicePolicy = "page"  // the browser shows 53003; the client polls until the code expires
	PolicyAtToken DevicePolicy = "token" // the token request is answered with 53003
)

type knob struct {
	get func(Knobs) string
	set func(*Knobs, string) error
}

func knobs() map[string]knob {
	all := graphKnobs()
	maps.Copy(all, map[string]knob{
		"propagation":     durationKnob(func(k *Knobs) *time.Duration { return &k.Propagation }),
		"refusals":        countKnob(func(k *Knobs) *int { return &k.Refusals }),
		"flapping":        switchKnob(func(k *Knobs) *bool { return &k.Flapping }),
		"clock-offset":    durationKnob(func(k *Knobs) *time.Duration { return &k.ClockOffset }),
		"answer":          wordKnob(func(k *Knobs) *Answer { return &k.Answer }, isAnswer),
		"answer-count":    countKnob(func(k *Knobs) *int { return &k.AnswerCount }),
		"answer-at":       wordKnob(func(k *Knobs) *string { return &k.AnswerAt }, oneOf("", "token", "devicecode", "discovery", "every")),
		"retry-after":     durationKnob(func(k *Knobs) *time.Duration { return &k.RetryAfter }),
		"crlf":            switchKnob(func(k *Knobs) *bool { return &k.CRLF }),
		"token":           wordKnob(func(k *Knobs) *string { return &k.Token }, oneOf("", "v1", "v2", "opaque")),
		"foreign-tokens":  switchKnob(func(k *Knobs) *bool { return &k.ForeignTokens }),
		"unasked-tokens":  switchKnob(func(k *Knobs) *bool { return &k.UnaskedTokens }),
		"device-interval": durationKnob(func(k *Knobs) *time.Duration { return &k.DeviceInterval }),
		"device-lifetime": durationKnob(func(k *Knobs) *time.Duration { return &k.DeviceLifetime }),
		"slow-downs":      countKnob(func(k *Knobs) *int { return &k.SlowDowns }),
		"device-policy":   wordKnob(func(k *Knobs) *DevicePolicy { return &k.DevicePolicy }, oneOf("", "page", "token")),
		"decline-consent": switchKnob(func(k *Knobs) *bool { return &k.DeclineConsent }),
		"tls":             wordKnob(func(k *Knobs) *TLS { return &k.TLS }, oneOf("", "1.1", "expired", "early", "wrong-name", "other-ca")),
	})
	return all
}

func graphKnobs() map[string]knob {
	return map[string]knob{
		"graph-answer":       wordKnob(func(k *Knobs) *Answer { return &k.GraphAnswer }, isGraphAnswer),
		"graph-answer-count": countKnob(func(k *Knobs) *int { return &k.GraphAnswerCount }),
		"graph-answer-at":    wordKnob(func(k *Knobs) *string { return &k.GraphAnswerAt }, oneOf("", graphRead, graphAdd, graphRemove, graphPolicy)),
		"graph-lag":          durationKnob(func(k *Knobs) *time.Duration { return &k.GraphLag }),
		"policy-no-secrets":  switchKnob(func(k *Knobs) *bool { return &k.PolicyNoSecrets }),
		"policy-lifetime":    durationKnob(func(k *Knobs) *time.Duration { return &k.PolicyLifetime }),
	}
}

// With is the knobs with some turned by name, as the state file and the admin
// API write them: answer=53003, propagation=20s, flapping=true.
func (k Knobs) With(turned map[string]string) (Knobs, error) {
	known := knobs()
	for name, text := range turned {
		knob, ok := known[name]
		if !ok {
			return k, fmt.Errorf("%w: no knob %q; there are %s", ErrMalformed, name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		if err := knob.set(&k, text); err != nil {
			return k, fmt.Errorf("knob %q: %w", name, err)
		}
	}
	return k, nil
}

// Text is every knob by name, the way With reads it.
func (k Knobs) Text() map[string]string {
	all := map[string]string{}
	for name, knob := range knobs() {
		all[name] = knob.get(k)
	}
	return all
}

// next takes the answer for one request at an endpoint; call it under the lock.
func (s *Server) next(endpoint string) Answer {
	k := &s.knobs
	at := k.AnswerAt
	if at == "" {
		at = endpointToken
	}
	if k.Answer == Truth || at != "every" && at != endpoint {
		return Truth
	}
	answer := k.Answer
	if k.AnswerCount > 0 {
		k.AnswerCount--
		if k.AnswerCount == 0 {
			k.Answer = Truth
		}
	}
	return answer
}

func durationKnob(at func(*Knobs) *time.Duration) knob {
	return knob{
		get: func(k Knobs) string { return at(&k).String() },
		set: func(k *Knobs, text string) error {
			d, err := time.ParseDuration(text)
			if err != nil {
				return fmt.Errorf("%w: wanted a duration such as 20s", ErrMalformed)
			}
			*at(k) = d
			return nil
		},
	}
}

func countKnob(at func(*Knobs) *int) knob {
	return knob{
		get: func(k Knobs) string { return strconv.Itoa(*at(&k)) },
		set: func(k *Knobs, text string) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < 0 {
				return fmt.Errorf("%w: wanted a number from 0 up", ErrMalformed)
			}
			*at(k) = n
			return nil
		},
	}
}

func switchKnob(at func(*Knobs) *bool) knob {
	return knob{
		get: func(k Knobs) string { return strconv.FormatBool(*at(&k)) },
		set: func(k *Knobs, text string) error {
			on, err := strconv.ParseBool(text)
			if err != nil {
				return fmt.Errorf("%w: wanted true or false", ErrMalformed)
			}
			*at(k) = on
			return nil
		},
	}
}

func wordKnob[T ~string](at func(*Knobs) *T, ok func(string) bool) knob {
	return knob{
		get: func(k Knobs) string { return string(*at(&k)) },
		set: func(k *Knobs, text string) error {
			if !ok(text) {
				return fmt.Errorf("%w: no such word", ErrMalformed)
			}
			*at(k) = T(text)
			return nil
		},
	}
}

func oneOf(words ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(words, text) }
}

func isAnswer(text string) bool {
	if n, err := strconv.Atoi(text); err == nil {
		return n > 0
	}
	return isFault(text)
}

func isGraphAnswer(text string) bool {
	all, err := graphCatalogue()
	_, known := all[text]
	return err == nil && known || text == string(Lost) || isFault(text)
}

func isFault(text string) bool {
	return slices.Contains([]Answer{
		Truth, Throttled, Gateway, ProxyPage, ProxyAuth, Redirect,
		Malformed, NoToken, Huge, SlowBody, NoAnswer, Cut,
	}, Answer(text))
}
