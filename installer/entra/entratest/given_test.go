package entratest_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// wantGiven finds each text, which a client was sent, among what was given of its kind.
func wantGiven(t *testing.T, s *entratest.Server, sent map[entratest.Kind]string) {
	t.Helper()
	for kind, text := range sent {
		found := slices.ContainsFunc(s.Given(), func(g entratest.Given) bool { return g.Kind == kind && g.Value.Reveal() == text })
		if text == "" || !found {
			t.Errorf("%s %q: was sent, and is not among what was given", kind, text)
		}
	}
}

func TestTheServerTellsWhatItGaveToClients(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.OwnedBy"))
	s.Set(entratest.Knobs{UnaskedTokens: true})
	own := token(t, s)
	made := graphWith(t, s, own, "POST "+ofApp+"/addPassword", `{}`)
	var added shownCredential
	made.decode(t, &added)

	offered, _ := offer(t, s, "") // whose scope asks for a token for Graph and nothing else
	if err := s.Approve(offered.UserCode, ""); err != nil {
		t.Fatal(err)
	}
	answer := poll(t, s, offered.DeviceCode)
	var tokens struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		ID      string `json:"id_token"`
	}
	if err := json.Unmarshal([]byte(answer.text), &tokens); err != nil {
		t.Fatal(err)
	}
	if added.SecretText == nil {
		t.Fatalf("no secret was made: %+v", made)
	}
	wantGiven(t, s, map[entratest.Kind]string{
		entratest.AccessToken: own, entratest.ClientSecret: *added.SecretText,
		entratest.UserCode: offered.UserCode, entratest.DeviceSecret: offered.DeviceCode,
		entratest.RefreshToken: tokens.Refresh, entratest.IDToken: tokens.ID,
	})
	wantGiven(t, s, map[entratest.Kind]string{entratest.AccessToken: tokens.Access})
	wantGiven(t, s, map[entratest.Kind]string{entratest.AccessToken: s.GraphToken(t, entratest.ClientID, "").Reveal()})
	if got := len(s.Given()); got != 8 {
		t.Errorf("%d texts were given, want 8", got)
	}
}

func TestTheServerTellsTheCodeOfABrowserAndATokenThatBreaksOff(t *testing.T) {
	s, value := website(t)
	back := authorize(t, s).sentBack(t)
	wantGiven(t, s, map[entratest.Kind]string{entratest.AuthorizationCode: back.Get("code")})
	s.Set(entratest.Knobs{Answer: entratest.Malformed})
	_, broken, _ := strings.Cut(post(t, s, entratest.TenantID, credentials(value)).text, `"access_token":"`)
	wantGiven(t, s, map[entratest.Kind]string{entratest.AccessToken: broken})
}

func TestWhatWasGivenIsFoundByEachOfItsParts(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	whole := token(t, s)
	given := s.Given()
	if got, want := given[len(given)-1].Parts(), strings.Split(whole, "."); !slices.Equal(got, want) || len(got) != 3 {
		t.Errorf("got %q, want %q", got, want)
	}
	offered, _ := offer(t, s, "")
	given = s.Given()
	if got := given[len(given)-2].Parts(); len(got) != 1 || !strings.HasSuffix(offered.DeviceCode, got[0]) || len(got[0]) < len(offered.DeviceCode)-2 {
		t.Errorf("device code %q: got %q", offered.DeviceCode, got)
	}
	if got := given[len(given)-1].Parts(); !slices.Equal(got, []string{offered.UserCode}) {
		t.Errorf("got %q, want %q", got, offered.UserCode)
	}
}
