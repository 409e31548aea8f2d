package proof

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra"
	"github.com/empowersuite/backend-installer/installer/progress"
	"github.com/empowersuite/backend-installer/installer/remedy"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// toleratedSkew is how far two clocks may differ before tokens are refused.
const toleratedSkew = 5 * time.Minute

// Policy says how long and how often to ask.
type Policy struct {
	Window        time.Duration   // how long a refusal of a fresh secret may mean "not yet"; 0 is not at all
	Confirmations int             // successes in a row
	MaxRequests   int             // token requests at most
	Spacing       time.Duration   // between two successes
	Waits         []time.Duration // after refusals, the last one again and again
}

// DefaultPolicy is two minutes, three successes two seconds apart, and at most
// twenty requests after 2, 3, 5, 5 … seconds.
func DefaultPolicy() Policy {
	return Policy{
		Window: 2 * time.Minute, Confirmations: 3, MaxRequests: 20, Spacing: 2 * time.Second,
		Waits: []time.Duration{2 * time.Second, 3 * time.Second, 5 * time.Second, 5 * time.Second, 8 * time.Second},
	}
}

// Deps is the outside world.
type Deps struct {
	Authority entra.Authority
	Now       func() time.Time
	Wait      func(ctx context.Context, d time.Duration) error // ends with the context, whose cause it returns
	Jitter    func() float64                                   // in [0, 1)
	Progress  progress.Func
}

// Question is the credential that is asked about.
type Question struct {
	Tenant   string // as configured: GUID or domain
	ClientID string
	Value    secret.Value
	Fresh    bool // perhaps created a moment ago
	Policy   Policy
}

// Proven is a credential that Entra ID accepted.
type Proven struct {
	Attempts  int
	Successes int // in a row, at the end
	Lifetime  time.Duration
	Skew      time.Duration // Entra ID's clock minus ours
	Warnings  []string
	Tenant    entra.Tenant
	Grant     entra.Grant // the last one
}

// RefusedError is a credential that Entra ID did not accept, or did not judge.
type RefusedError struct {
	Failure  *entra.Error
	Rejected bool // Entra ID judged: the secret, the application or the tenant is wrong
	Attempts int
	Waited   time.Duration
}

// Error is Entra ID's own message where there is one, with what support asks
// for.
func (e *RefusedError) Error() string {
	f := e.Failure
	text := f.Error()
	if f.Message != "" {
		text = f.Host + ": " + f.Message
	}
	var details []string
	for _, d := range []struct{ name, value string }{
		{"trace ID", f.TraceID}, {"correlation ID", f.CorrelationID}, {"at", f.Timestamp},
	} {
		if d.value != "" {
			details = append(details, d.name+" "+d.value)
		}
	}
	if e.Attempts > 1 {
		details = append(details, fmt.Sprintf("after %d requests in %s", e.Attempts, e.Waited.Round(time.Second)))
	}
	if len(details) == 0 {
		return text
	}
	return text + " (" + strings.Join(details, ", ") + ")"
}

// Unwrap returns the failure.
func (e *RefusedError) Unwrap() error { return e.Failure }

// Once asks a single time and waits for nothing.
func Once(ctx context.Context, d Deps, q Question) (Proven, error) {
	q.Fresh = false
	q.Policy = DefaultPolicy()
	q.Policy.Confirmations = 1
	return Credential(ctx, d, q)
}

// attempt is one run of Credential.
type attempt struct {
	Deps
	q        Question
	began    time.Time
	tenant   entra.Tenant
	known    bool // whether the tenant was discovered
	requests int
	refusals int
	proven   Proven
}

// Credential asks until Entra ID has accepted the credential as often in a row
// as the policy says.
func Credential(ctx context.Context, d Deps, q Question) (Proven, error) {
	a := &attempt{Deps: d, q: q, began: d.Now()}
	for {
		grant, err := a.ask(ctx)
		if err == nil {
			a.note(grant)
			if a.proven.Successes >= q.Policy.Confirmations {
				return a.proven, nil
			}
			err = a.Wait(ctx, a.stretched(q.Policy.Spacing))
		} else {
			err = a.again(ctx, err)
		}
		if err != nil {
			return a.proven, err
		}
	}
}

// ask is one request: for the tenant as long as it is not known, else for a
// token.
func (a *attempt) ask(ctx context.Context) (entra.Grant, error) {
	if !a.known {
		tenant, err := a.Authority.Discover(ctx)
		if err != nil {
			a.requests++
			return entra.Grant{}, err
		}
		a.tenant, a.known = tenant, true
	}
	a.requests++
	return a.Authority.SignIn(ctx, a.tenant, a.q.ClientID, a.q.Value)
}

// note takes a success down.
func (a *attempt) note(g entra.Grant) {
	a.proven.Attempts = a.requests
	a.proven.Successes++
	a.proven.Lifetime, a.proven.Skew = g.Lifetime, g.Skew
	a.proven.Tenant, a.proven.Grant = a.tenant, g
	if a.q.Policy.Confirmations > 1 {
		a.Progress.Say(progress.Detail, fmt.Sprintf("Entra ID accepted the secret, %d of %d times", a.proven.Successes, a.q.Policy.Confirmations))
	}
	if a.proven.Successes == 1 {
		a.proven.Warnings = a.warnings(g)
	}
}

func (a *attempt) warnings(g entra.Grant) []string {
	var all []string
	if isGUID := strings.Count(a.q.Tenant, "-") == 4; isGUID && g.TenantID != "" && !strings.EqualFold(g.TenantID, a.q.Tenant) {
		all = append(all, fmt.Sprintf("the token is of the tenant %s, and %s is configured", g.TenantID, a.q.Tenant))
	}
	if g.AppID != "" && !strings.EqualFold(g.AppID, a.q.ClientID) {
		all = append(all, fmt.Sprintf("the token is of the application %s, and %s is configured", g.AppID, a.q.ClientID))
	}
	if text := skewText(g.Skew); text != "" {
		all = append(all, text+": set the clock ("+remedy.Here().SetClock()+") before it makes sign-ins fail")
	}
	return all
}

// skewText tells a clock that is wrong; "" when it is right.
func skewText(skew time.Duration) string {
	switch {
	case skew > toleratedSkew:
		return fmt.Sprintf("the clock of this host is %s behind that of Entra ID", skew.Round(time.Second))
	case skew < -toleratedSkew:
		return fmt.Sprintf("the clock of this host is %s ahead of that of Entra ID", -skew.Round(time.Second))
	}
	return ""
}

// again waits after a failure, where waiting can help; else it is the end.
func (a *attempt) again(ctx context.Context, err error) error {
	var failure *entra.Error
	if !errors.As(err, &failure) {
		return err
	}
	a.proven.Successes = 0
	elapsed := a.Now().Sub(a.began)
	wait := max(a.wait(), failure.RetryAfter)
	final := !a.q.Fresh || !notYet(failure.Class) || a.requests >= a.q.Policy.MaxRequests || elapsed+wait > a.q.Policy.Window
	if final {
		return &RefusedError{Failure: failure, Rejected: rejected(failure.Class), Attempts: a.requests, Waited: elapsed}
	}
	a.refusals++
	a.Progress.Emit(progress.Event{
		Kind: progress.Waiting, Elapsed: elapsed, Budget: a.q.Policy.Window,
		Text: fmt.Sprintf("%s; asking again in %s", waitingFor(failure), wait.Round(time.Second)),
	})
	return a.Wait(ctx, wait)
}

func (a *attempt) wait() time.Duration {
	waits := a.q.Policy.Waits
	if len(waits) == 0 {
		return a.stretched(a.q.Policy.Spacing)
	}
	return a.stretched(waits[min(a.refusals, len(waits)-1)])
}

// stretched adds up to a fifth, so that many hosts do not ask in step.
func (a *attempt) stretched(d time.Duration) time.Duration {
	return d + time.Duration(a.Jitter()*float64(d)/5)
}

// waitingFor says why it is worth waiting.
func waitingFor(f *entra.Error) string {
	code := ""
	if f.Code != 0 {
		code = fmt.Sprintf(" (AADSTS%d)", f.Code)
	}
	switch f.Class {
	case entra.Throttled:
		return "Entra ID asks for fewer requests" + code
	case entra.Transient:
		return "Entra ID is disturbed for the moment" + code
	default:
		return "Entra ID does not know the secret yet" + code + ", which is usual for up to two minutes after it was created"
	}
}

// notYet reports whether a fresh secret may be answered like that.
func notYet(c entra.Class) bool {
	switch c { //nolint:exhaustive // every other class is final
	case entra.SecretWrong, entra.SecretExpired, entra.ClientWrong, entra.Throttled, entra.Transient:
		return true
	}
	return false
}

// rejected reports whether a class is a judgement on what was given.
func rejected(c entra.Class) bool {
	switch c { //nolint:exhaustive // every other class is no judgement
	case entra.SecretWrong, entra.SecretExpired, entra.SecretIDPasted, entra.ClientWrong, entra.AppDisabled,
		entra.TenantWrong, entra.CloudWrong:
		return true
	}
	return false
}
