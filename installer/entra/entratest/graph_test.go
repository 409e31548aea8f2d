package entratest_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const ofApp = "/v1.0/applications(appId='" + entratest.ClientID + "')"

// itself is an application with a role, which owns itself.
func itself(role string) entratest.State {
	return entratest.State{Apps: []entratest.App{{
		ClientID: entratest.ClientID, Name: "Test application", Roles: []string{role}, Owners: []string{entratest.ClientID},
	}}}
}

// graph asks Microsoft Graph as the application; line is method and path.
func graph(t *testing.T, s *entratest.Server, line, body string) reply {
	t.Helper()
	return graphWith(t, s, token(t, s), line, body)
}

func token(t *testing.T, s *entratest.Server) string {
	t.Helper()
	return post(t, s, entratest.TenantID, credentials(s.Secret(t, entratest.ClientID).Reveal())).failure(t).Access
}

func graphWith(t *testing.T, s *entratest.Server, token, line, body string) reply {
	t.Helper()
	method, path, _ := strings.Cut(line, " ")
	request, err := http.NewRequestWithContext(t.Context(), method, s.URL()+strings.ReplaceAll(path, " ", "%20"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	return do(t, s, request)
}

func (r reply) decode(t *testing.T, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.text), into); err != nil {
		t.Fatalf("status %d, not JSON: %q", r.status, r.text)
	}
}

// refused is the code of an error of Graph, "" for none.
func (r reply) refused(t *testing.T) string {
	t.Helper()
	if r.status < http.StatusBadRequest {
		return ""
	}
	var said struct{ Error struct{ Code string } }
	r.decode(t, &said)
	return said.Error.Code
}

type shownCredential struct {
	KeyID       string
	Hint        string
	DisplayName *string
	SecretText  *string
	EndDateTime time.Time
}

type shownApp struct {
	ID, AppID           string
	PasswordCredentials []shownCredential
}

func TestEveryRecordedBodyOfGraphIsAnsweredLikeIt(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "graph-bodies.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(text, &all); err != nil || len(all) < 4 {
		t.Fatal(len(all), err)
	}
	words := map[string]string{
		"Directory_ConcurrencyViolation": "conflict", "CredentialInvalidLifetimeAsPerAppPolicy": "lifetime",
		"Authorization_RequestDenied": "forbidden", "InvalidAuthenticationToken": "unauthenticated",
	}
	for _, want := range all {
		s := entratest.Start(t, itself("Application.ReadWrite.OwnedBy"))
		code := (reply{status: http.StatusBadRequest, text: string(want.Body)}).refused(t)
		s.Set(entratest.Knobs{GraphAnswer: entratest.Answer(words[code])})
		got := graph(t, s, "POST "+ofApp+"/addPassword", `{}`)
		if got.status != want.status() {
			t.Errorf("%s: got status %d, want %d", code, got.status, want.status())
		}
		gotBody, wantBody := plainGraph(t, got.text), plainGraph(t, string(want.Body))
		if !reflect.DeepEqual(gotBody, wantBody) {
			t.Errorf("%s: got %v, want %v", code, gotBody, wantBody)
		}
	}
}

// plainGraph is an error body without what differs from answer to answer.
func plainGraph(t *testing.T, text string) map[string]any {
	t.Helper()
	text = regexp.MustCompile(`policy '[^']*'`).ReplaceAllString(text, "policy '…'")
	text = regexp.MustCompile(`("(?:date|request-id|client-request-id)": ?)"[^"]+"`).ReplaceAllString(text, `$1"…"`)
	var all map[string]any
	(reply{text: text}).decode(t, &all)
	return all
}

func TestAPasswordIsAddedListedAndRemovedThroughGraph(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.OwnedBy"))
	got := graph(t, s, "POST "+ofApp+"/addPassword", `{"passwordCredential":{"displayName":"fresh","endDateTime":"2127-05-01T00:00:00Z"}}`)
	wantMembers := "@odata.context customKeyIdentifier endDateTime keyId startDateTime secretText hint displayName"
	if names := members(t, []byte(got.text)); got.status != http.StatusOK || strings.Join(names, " ") != wantMembers {
		t.Fatalf("got status %d and members %q, want 200 and %q", got.status, names, wantMembers)
	}
	var added shownCredential
	got.decode(t, &added)
	if code := signIn(t, s, *added.SecretText); code != 0 || added.EndDateTime.Year() != 2127 {
		t.Errorf("got AADSTS%d and %v, want a secret that signs in", code, added.EndDateTime)
	}
	var app shownApp
	graph(t, s, "GET "+ofApp+"?$select=id,appId,passwordCredentials", "").decode(t, &app)
	i := slices.IndexFunc(app.PasswordCredentials, func(c shownCredential) bool { return c.KeyID == added.KeyID })
	if i < 0 || app.PasswordCredentials[i].SecretText != nil || app.PasswordCredentials[i].Hint != "TST" || *app.PasswordCredentials[i].DisplayName != "fresh" {
		t.Fatalf("got %+v, want the fresh one without its value", app)
	}
	removeIt(t, s, app.ID, added)
}

func removeIt(t *testing.T, s *entratest.Server, object string, added shownCredential) {
	t.Helper()
	if got := graph(t, s, "POST /v1.0/applications/"+object+"/removePassword", `{"keyId":"`+added.KeyID+`"}`); got.status != http.StatusNoContent || got.text != "" {
		t.Errorf("got %+v, want 204", got)
	}
	if code := signIn(t, s, *added.SecretText); code != 7000215 {
		t.Errorf("got AADSTS%d after the removal, want 7000215", code)
	}
	if got := graph(t, s, "POST "+ofApp+"/removePassword", `{"keyId":"`+added.KeyID+`"}`); got.refused(t) != "Request_BadRequest" || !strings.Contains(got.text, "No password credential found with keyId") {
		t.Errorf("removed twice: got %+v", got)
	}
}

func TestGraphFindsByFilterAndByIDsOfTheRightKind(t *testing.T) {
	s := entratest.Start(t, itself("Application.Read.All"))
	var list struct{ Value []shownApp }
	graph(t, s, "GET /v1.0/applications?$filter=appId eq '"+entratest.ClientID+"'", "").decode(t, &list)
	if len(list.Value) != 1 || list.Value[0].AppID != entratest.ClientID {
		t.Fatalf("got %+v", list)
	}
	var principal shownApp
	graph(t, s, "GET /v1.0/servicePrincipals(appId='"+entratest.ClientID+"')", "").decode(t, &principal)
	for path, want := range map[string]string{
		"applications/" + list.Value[0].ID: "", "applications/" + entratest.ClientID: "Request_ResourceNotFound",
		"applications/" + principal.ID: "Request_ResourceNotFound", "servicePrincipals/" + principal.ID: "",
		"applications(appId='11111111-0000-4000-8000-00000000000f')": "Request_ResourceNotFound",
	} {
		if got := graph(t, s, "GET /v1.0/"+path, "").refused(t); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	if got := graph(t, s, "GET "+ofApp+"/owners", ""); !strings.Contains(got.text, principal.ID) {
		t.Errorf("owners: got %q, want the service principal %s", got.text, principal.ID)
	}
}

func TestTheLogOfRequestsNamesTheOperationOfGraph(t *testing.T) {
	s := entratest.Start(t, itself("Application.ReadWrite.All"))
	var added shownCredential
	graph(t, s, "POST "+ofApp+"/addPassword", `{}`).decode(t, &added)
	all := s.Requests()
	got := all[len(all)-1]
	if got.Endpoint != "graph" || got.Grant != "add" || got.KeyID != added.KeyID || got.App != entratest.ClientID || got.Status != http.StatusOK {
		t.Errorf("got %+v", got)
	}
}
