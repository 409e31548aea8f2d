package entratest

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/secret"
)

const (
	graphThrottling = 10 // seconds of Retry-After
	defaultPolicyID = "00000000-0000-0000-0000-000000000000"
	appPolicyID     = "a4ab1ed9-46bb-4bef-88d4-86fd6398dd5d"
	hoursOfDay      = 24
)

// Policy is an app management policy for client secrets. The zero Policy
// restricts nothing.
type Policy struct {
	NoSecrets   bool          // passwordAddition
	MaxLifetime time.Duration // passwordLifetime; 0: no limit
}

// gone is a password that was removed, which a replica that is behind still has.
type gone struct {
	*password
	at time.Time
}

// applicationID is a stable object ID of an application, other than that of its
// service principal.
func applicationID(clientID string) string {
	sum := sha256.Sum256([]byte("application " + strings.ToLower(clientID)))
	return guidOf([16]byte(sum[:16]))
}

// seen is the moment that the replica which reads has come to.
func (c *call) seen() time.Time { return c.server.now().Add(-c.server.knobs.GraphLag) }

// known are the passwords that the replica has.
func (c *graphCall) known(app *application) []*password {
	var all []*password
	for _, p := range app.passwords {
		if !p.added.After(c.seen()) {
			all = append(all, p)
		}
	}
	for _, g := range app.removed {
		if g.at.After(c.seen()) && !g.added.After(c.seen()) {
			all = append(all, g.password)
		}
	}
	return all
}

// credential is a passwordCredential, members in Graph's order.
type credential struct {
	Context  string    `json:"@odata.context,omitempty"`
	CustomID *string   `json:"customKeyIdentifier"`
	End      time.Time `json:"endDateTime"`
	KeyID    string    `json:"keyId"`
	Start    time.Time `json:"startDateTime"`
	Value    *string   `json:"secretText"`
	Hint     string    `json:"hint"`
	Name     *string   `json:"displayName"`
}

func (p *password) credential() credential {
	shown := credential{End: p.End.UTC(), KeyID: p.KeyID, Start: p.Start.UTC(), Hint: p.Hint()}
	if p.Name != "" {
		shown.Name = &p.Name
	}
	return shown
}

func (c *graphCall) describe(app *application) map[string]any {
	if c.kind == "servicePrincipals" {
		return map[string]any{"id": objectID(app.ClientID), "appId": app.ClientID, "displayName": app.Name, "accountEnabled": !app.Disabled}
	}
	credentials := []credential{}
	for _, p := range c.known(app) {
		credentials = append(credentials, p.credential())
	}
	return map[string]any{
		"id": applicationID(app.ClientID), "appId": app.ClientID, "displayName": app.Name, "passwordCredentials": credentials,
		"createdDateTime": app.registered().UTC(),
	}
}

// registered is when the application was; one of the state was long ago.
func (a *application) registered() time.Time {
	if a.created.IsZero() {
		return time.Date(2023, time.May, 2, 8, 30, 0, 0, time.UTC)
	}
	return a.created
}

func (c *graphCall) object(app *application) answer {
	all := c.describe(app)
	if chosen := c.request.URL.Query().Get("$select"); chosen != "" {
		for name := range all {
			if !slices.Contains(strings.Split(chosen, ","), name) {
				delete(all, name)
			}
		}
	}
	all["@odata.context"] = c.context(c.kind + "/$entity")
	return c.json(http.StatusOK, all)
}

func (c *graphCall) owners(app *application) answer {
	all := []map[string]any{}
	for _, owner := range app.Owners {
		of := map[string]any{"@odata.type": "#microsoft.graph.servicePrincipal", "id": objectID(owner), "appId": owner}
		for _, u := range c.server.directory.users {
			if strings.EqualFold(owner, u.ID) || strings.EqualFold(owner, u.Email) {
				of = map[string]any{"@odata.type": "#microsoft.graph.user", "id": u.ID, "displayName": u.Name, "mail": u.Email}
			}
		}
		all = append(all, of)
	}
	return c.json(http.StatusOK, map[string]any{"@odata.context": c.context("directoryObjects"), "value": all})
}

// policy is the one that holds for an application: its own, else the tenant's.
func (c *graphCall) policy(app *application) (Policy, string) {
	if app.Policy != nil {
		return *app.Policy, appPolicyID
	}
	k := c.server.knobs
	return Policy{NoSecrets: k.PolicyNoSecrets, MaxLifetime: k.PolicyLifetime}, defaultPolicyID
}

func (c *graphCall) defaultPolicy() answer {
	if c.key != "defaultAppManagementPolicy" {
		return c.deny("not-found")
	}
	if !c.may(nil) {
		return c.deny("forbidden")
	}
	k := c.server.knobs
	p := Policy{NoSecrets: k.PolicyNoSecrets, MaxLifetime: k.PolicyLifetime}
	return c.json(http.StatusOK, map[string]any{
		"@odata.context": c.context("policies/defaultAppManagementPolicy/$entity"), "id": defaultPolicyID,
		"displayName": "Default app management tenant policy", "isEnabled": p != (Policy{}),
		"applicationRestrictions":      map[string]any{"passwordCredentials": p.restrictions(), "keyCredentials": []any{}},
		"servicePrincipalRestrictions": map[string]any{"passwordCredentials": []any{}, "keyCredentials": []any{}},
	})
}

func (c *graphCall) appPolicies(app *application) answer {
	all := []any{}
	if app.Policy != nil {
		all = append(all, map[string]any{
			"id": appPolicyID, "displayName": "Policy of this application", "isEnabled": true,
			"restrictions": map[string]any{"passwordCredentials": app.Policy.restrictions(), "keyCredentials": []any{}},
		})
	}
	return c.json(http.StatusOK, map[string]any{"@odata.context": c.context("appManagementPolicies"), "value": all})
}

func (p Policy) restrictions() []any {
	all := []any{}
	restrict := func(kind string, longest any) {
		all = append(all, map[string]any{
			"restrictionType": kind, "state": "enabled", "maxLifetime": longest,
			"restrictForAppsCreatedAfterDateTime": "2019-01-01T00:00:00Z",
		})
	}
	if p.NoSecrets {
		restrict("passwordAddition", nil)
	}
	if p.MaxLifetime > 0 {
		restrict("passwordLifetime", fmt.Sprintf("P%dD", int(p.MaxLifetime.Hours()/hoursOfDay)))
	}
	return all
}

func (c *graphCall) addPassword(app *application) answer {
	var in struct {
		Wanted struct {
			Name  string     `json:"displayName"`
			Start *time.Time `json:"startDateTime"`
			End   *time.Time `json:"endDateTime"`
		} `json:"passwordCredential"`
	}
	if json.NewDecoder(c.request.Body).Decode(&in) != nil {
		return c.deny("bad-request")
	}
	p := Password{Name: in.Wanted.Name, Start: c.clock, End: c.clock.AddDate(2, 0, 0), Value: secret.Value{}}
	if in.Wanted.Start != nil {
		p.Start = *in.Wanted.Start
	}
	if in.Wanted.End != nil {
		p.End = *in.Wanted.End
	}
	if policy, id := c.policy(app); policy.NoSecrets {
		return c.deny("no-secrets", "{policy}", id)
	} else if policy.MaxLifetime > 0 && p.End.Sub(p.Start) > policy.MaxLifetime {
		return c.deny("lifetime", "{policy}", id)
	}
	added, err := app.add(p, c.clock, c.server.knobs.spread(c.server.now(), c.server.options.Seed))
	if err != nil || !p.End.After(p.Start) {
		return c.deny("bad-request")
	}
	added.added, c.keyID = c.server.now(), added.KeyID
	shown := added.credential()
	value := c.server.gave(ClientSecret, added.Value.Reveal())
	shown.Context, shown.Value = c.context("microsoft.graph.passwordCredential"), &value
	return c.json(http.StatusOK, shown)
}

func (c *graphCall) removePassword(app *application) answer {
	var in struct {
		KeyID string `json:"keyId"`
	}
	if json.NewDecoder(c.request.Body).Decode(&in) != nil || !isGUID(in.KeyID) {
		return c.deny("bad-request")
	}
	i := slices.IndexFunc(app.passwords, func(p *password) bool {
		return strings.EqualFold(p.KeyID, in.KeyID) && !p.added.After(c.seen())
	})
	if i < 0 {
		return c.deny("no-password", "{key}", in.KeyID)
	}
	c.keyID = app.passwords[i].KeyID
	app.removed = append(app.removed, gone{app.passwords[i], c.server.now()})
	app.passwords = slices.Delete(app.passwords, i, i+1)
	a := answer{status: http.StatusNoContent, header: http.Header{}, outcome: "ok"}
	return a
}
