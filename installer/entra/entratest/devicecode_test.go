package entratest_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const writeScope = "https://graph.microsoft.com/Application.ReadWrite.All"

type offered struct {
	UserCode   string `json:"user_code"`
	DeviceCode string `json:"device_code"`
	URI        string `json:"verification_uri"`
	ExpiresIn  int    `json:"expires_in"`
	Interval   int    `json:"interval"`
	Message    string `json:"message"`
}

// offer begins a sign-in; pairs change the form.
func offer(t *testing.T, s *entratest.Server, query string, pairs ...string) (offered, reply) {
	t.Helper()
	form := url.Values{"client_id": {entratest.PublicClientID}, "scope": {writeScope}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost,
		s.URL()+"/"+entratest.TenantID+"/oauth2/v2.0/devicecode"+query, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := do(t, s, request)
	var body offered
	if err := json.Unmarshal([]byte(got.text), &body); err != nil {
		t.Fatal(err)
	}
	return body, got
}

func poll(t *testing.T, s *entratest.Server, deviceCode string, pairs ...string) reply {
	t.Helper()
	form := url.Values{
		"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "client_id": {entratest.PublicClientID}, "device_code": {deviceCode},
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return post(t, s, entratest.TenantID, form)
}

func wantRefusal(t *testing.T, name string, got reply, word string, code int) {
	t.Helper()
	if f := got.failure(t); got.status != http.StatusBadRequest || f.Error != word || got.code(t) != code {
		t.Errorf("%s: got %+v, want %s %d", name, got, word, code)
	}
}

func TestADeviceCodeIsOfferedAsMicrosoftDoes(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	got, answer := offer(t, s, "")
	if want := []string{"user_code", "device_code", "verification_uri", "expires_in", "interval", "message"}; !slices.Equal(members(t, []byte(answer.text)), want) {
		t.Errorf("got members of %s, want %q", answer.text, want)
	}
	if got.URI != "https://microsoft.com/devicelogin" || got.ExpiresIn != 900 || got.Interval != 5 || len(got.UserCode) != 9 {
		t.Errorf("got %+v", got)
	}
	if !strings.HasPrefix(got.Message, "To sign in, use a web browser") || !strings.Contains(got.Message, got.UserCode) {
		t.Errorf("got message %q", got.Message)
	}
	for mkt, want := range map[string]string{"de-DE": "Verwenden Sie", "fr-FR": "Pour vous connecter", "xx": "To sign in"} {
		if got, _ := offer(t, s, "?mkt="+mkt); !strings.HasPrefix(got.Message, want) {
			t.Errorf("%s: got %q, want %q first", mkt, got.Message, want)
		}
	}
}

func TestADeviceCodeIsPendingUntilTheUserApproves(t *testing.T) {
	s := entratest.Start(t, entratest.State{Users: []entratest.User{{Name: "First", Email: "first@test.example"}, {Name: "Admin", Email: "admin@test.example"}}})
	offer, _ := offer(t, s, "")
	wantRefusal(t, "before", poll(t, s, offer.DeviceCode), "authorization_pending", 70016)
	if err := s.Approve(strings.ToLower(offer.UserCode), "admin@test.example"); err != nil {
		t.Fatal(err)
	}
	answer := poll(t, s, offer.DeviceCode)
	holder, ok := s.Holder(answer.failure(t).Access)
	if !ok || holder.User == nil || holder.User.Name != "Admin" || !slices.Equal(holder.Scopes, []string{"Application.ReadWrite.All"}) {
		t.Errorf("got %+v of %+v", holder, answer)
	}
	if holder.ClientID != entratest.PublicClientID || holder.Tenant != entratest.TenantID || holder.Resource != "https://graph.microsoft.com" {
		t.Errorf("got %+v", holder)
	}
	wantRefusal(t, "again", poll(t, s, offer.DeviceCode), "invalid_grant", 54005)
	if strings.Contains(answer.text, "refresh_token") || strings.Contains(answer.text, "id_token") {
		t.Errorf("got more than was asked for: %s", answer.text)
	}
}

func TestATokenOfAUserComesWithWhatWasAskedFor(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	offer, _ := offer(t, s, "", "scope", "openid offline_access https://graph.microsoft.com/.default")
	if err := s.Approve(offer.UserCode, ""); err != nil {
		t.Fatal(err)
	}
	answer := poll(t, s, offer.DeviceCode)
	if !strings.Contains(answer.text, `"refresh_token":"`) || !strings.Contains(answer.text, `"id_token":"`) {
		t.Errorf("got %s", answer.text)
	}
	all := claims(t, answer.failure(t).Access)
	if all["scp"] != "Application.ReadWrite.All User.Read" || all["appidacr"] != "0" || all["idtyp"] != "user" || all["upn"] != "test.user@test.example" {
		t.Errorf("got claims %v", all)
	}
}

func TestADeviceCodeEndsAsMicrosoftSays(t *testing.T) {
	s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{DeviceLifetime: 10 * time.Minute, DeviceInterval: time.Second}})
	declined, _ := offer(t, s, "")
	if err := s.Decline(declined.UserCode); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "declined", poll(t, s, declined.DeviceCode), "authorization_declined", 70018)
	wantRefusal(t, "unknown", poll(t, s, "other"), "bad_verification_code", 70019)
	if got := poll(t, s, declined.DeviceCode, "client_id", entratest.ClientID); got.status != http.StatusUnauthorized || got.code(t) != 7000218 {
		t.Errorf("not a public client: got %+v, want 401 and 7000218", got)
	}
	wantRefusal(t, "no code", poll(t, s, ""), "invalid_request", 900144)

	late, _ := offer(t, s, "")
	if late.ExpiresIn != 600 || late.Interval != 1 {
		t.Errorf("got %+v", late)
	}
	if err := s.Turn(map[string]string{"clock-offset": "10m1s"}); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "expired", poll(t, s, late.DeviceCode), "expired_token", 70020)
	if err := s.Approve(late.UserCode, ""); !errors.Is(err, entratest.ErrUnknownCode) || len(s.DeviceCodes()) != 0 {
		t.Errorf("got %v and %v, want %v and none", err, s.DeviceCodes(), entratest.ErrUnknownCode)
	}
}

func TestAPollIsSlowedDownAsOftenAsTheKnobSays(t *testing.T) {
	s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{SlowDowns: 2}})
	offer, _ := offer(t, s, "")
	var words []string
	for range 3 {
		words = append(words, poll(t, s, offer.DeviceCode).failure(t).Error)
	}
	if want := []string{"slow_down", "slow_down", "authorization_pending"}; !slices.Equal(words, want) {
		t.Errorf("got %q, want %q", words, want)
	}
}

func TestConditionalAccessRefusesDeviceCodeAtThePageOrAtTheToken(t *testing.T) {
	s := entratest.Start(t, entratest.State{Knobs: entratest.Knobs{DevicePolicy: entratest.PolicyAtPage}})
	offer, _ := offer(t, s, "")
	if err := s.Approve(offer.UserCode, ""); !errors.Is(err, entratest.ErrRefused) {
		t.Errorf("got %v, want %v", err, entratest.ErrRefused)
	}
	wantRefusal(t, "at the page", poll(t, s, offer.DeviceCode), "authorization_pending", 70016)
	if err := s.Turn(map[string]string{"device-policy": "token"}); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "nobody came", poll(t, s, offer.DeviceCode), "authorization_pending", 70016)
	if err := s.Approve(offer.UserCode, ""); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "at the token", poll(t, s, offer.DeviceCode), "interaction_required", 53003)
}

func TestADeviceCodeIsRefusedBeforeAnybodyIsAsked(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	for name, c := range map[string]struct {
		pairs []string
		want  int
	}{
		"unknown application": {[]string{"client_id", "22222222-0000-4000-8000-000000000003"}, 700016},
		"no application":      {[]string{"client_id", ""}, 900144},
		"another cloud":       {[]string{"scope", "https://graph.microsoft.us/User.Read"}, 500011},
		"two resources":       {[]string{"scope", "https://graph.microsoft.com/User.Read api://" + entratest.ClientID + "/x"}, 700022},
	} {
		if _, got := offer(t, s, "", c.pairs...); got.code(t) != c.want {
			t.Errorf("%s: got %+v, want %d", name, got, c.want)
		}
	}
	s.Set(entratest.Knobs{Answer: entratest.AADSTS(53003), AnswerAt: "devicecode"})
	if _, got := offer(t, s, ""); got.code(t) != 53003 {
		t.Errorf("a knob: got %+v", got)
	}
}

func TestTheUserOfADeviceCodeIsAdministered(t *testing.T) {
	s := administered(t)
	one, _ := offer(t, s, "")
	two, _ := offer(t, s, "")
	if got := admin(t, s, "POST devicecodes/"+one.UserCode+"/approve", `{"user":"nobody@test.example"}`).status; got != http.StatusNotFound {
		t.Errorf("unknown user: got %d, want 404", got)
	}
	admin(t, s, "POST devicecodes/"+one.UserCode+"/approve", `{}`)
	admin(t, s, "POST devicecodes/"+two.UserCode+"/decline", "")
	list := admin(t, s, "GET devicecodes", "").text
	if !strings.Contains(list, `"state":"approved"`) || !strings.Contains(list, `"state":"declined"`) || strings.Contains(list, one.DeviceCode) {
		t.Errorf("got %s", list)
	}
	if got := admin(t, s, "POST devicecodes/"+one.UserCode+"/decline", "").status; got != http.StatusNotFound {
		t.Errorf("again: got %d, want 404", got)
	}
	s.Set(entratest.Knobs{DevicePolicy: entratest.PolicyAtPage})
	three, _ := offer(t, s, "")
	if got := admin(t, s, "POST devicecodes/"+three.UserCode+"/approve", `{}`).status; got != http.StatusForbidden {
		t.Errorf("policy: got %d, want 403", got)
	}
}
