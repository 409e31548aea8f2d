package graph

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// restriction is a passwordCredentialConfiguration.
type restriction struct {
	Kind    string    `json:"restrictionType"`
	State   string    `json:"state"`
	Longest string    `json:"maxLifetime"`
	After   time.Time `json:"restrictForAppsCreatedAfterDateTime"`
}

// Policy is what holds for new secrets of an application: its own policy, else
// the tenant's.
func (c *Client) Policy(ctx context.Context, of Application) (Policy, error) {
	place, err := c.address(of.ClientID, "appManagementPolicies")
	if err != nil {
		return Policy{}, err
	}
	var own struct {
		Value []struct {
			Enabled      bool `json:"isEnabled"`
			Restrictions struct {
				Passwords []restriction `json:"passwordCredentials"`
			} `json:"restrictions"`
		} `json:"value"`
	}
	if _, err := c.ask(ctx, http.MethodGet, place, nil, &own); err != nil {
		return Policy{}, err
	}
	for _, p := range own.Value {
		if p.Enabled {
			return policyOf(p.Restrictions.Passwords, of.Registered)
		}
	}
	return c.tenantPolicy(ctx, of.Registered)
}

func (c *Client) tenantPolicy(ctx context.Context, registered time.Time) (Policy, error) {
	var all struct {
		Enabled      bool `json:"isEnabled"`
		Restrictions struct {
			Passwords []restriction `json:"passwordCredentials"`
		} `json:"applicationRestrictions"`
	}
	place := c.root.JoinPath("v1.0", "policies", "defaultAppManagementPolicy")
	if _, err := c.ask(ctx, http.MethodGet, place, nil, &all); err != nil {
		return Policy{}, err
	}
	if !all.Enabled {
		return Policy{}, nil
	}
	return policyOf(all.Restrictions.Passwords, registered)
}

// ErrLifetime says that a policy's longest lifetime is in no form that is known.
var ErrLifetime = errors.New("the policy's maxLifetime is no duration such as P90D")

// policyOf joins restrictions. One that is for applications registered after a
// day holds where the application's day is not known.
func policyOf(all []restriction, registered time.Time) (Policy, error) {
	var p Policy
	for _, r := range all {
		if r.State == "disabled" || !registered.IsZero() && registered.Before(r.After) {
			continue
		}
		switch r.Kind {
		case "passwordAddition":
			p.Forbidden = true
		case "passwordLifetime":
			longest, ok := duration(r.Longest)
			if !ok {
				return p, ErrLifetime
			}
			if p.Longest == 0 || longest < p.Longest {
				p.Longest = longest
			}
		}
	}
	return p, nil
}

// duration reads an Edm.Duration, which is ISO 8601 without years and months.
func duration(text string) (time.Duration, bool) {
	m := regexp.MustCompile(`^P(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?$`).FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	var sum time.Duration
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if n, err := strconv.Atoi(m[i+1]); err == nil {
			sum += time.Duration(n) * unit
		}
	}
	return sum, sum > 0
}
