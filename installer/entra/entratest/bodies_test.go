package entratest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// recorded is one real answer of the sign-in service, see its source.
type recorded struct {
	Status   *int            `json:"http_status"`
	Inferred int             `json:"http_status_inferred"`
	Body     json.RawMessage `json:"body"`
	Text     string          `json:"body_text"`
	Headers  map[string]string
	Source   string
	Fidelity string // reflowed and truncated bodies have lost members
}

func (r recorded) status() int {
	if r.Status != nil {
		return *r.Status
	}
	return r.Inferred
}

func recordings(t *testing.T) []recorded {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "bodies.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []recorded
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryRecordedBodyIsAnsweredLikeIt(t *testing.T) {
	for _, want := range recordings(t) {
		if want.Body == nil || string(want.Body) == "null" {
			continue // TestThrottlingIsPlainTextAsRecorded
		}
		t.Run(numberOf(t, want.Body), func(t *testing.T) {
			got := replay(t, want)
			if got.status != want.status() {
				t.Errorf("got status %d, want %d", got.status, want.status())
			}
			compare(t, got, want)
		})
	}
}

// replay makes a server say the recorded error to a request that holds what
// the recorded text quotes.
func replay(t *testing.T, want recorded) reply {
	t.Helper()
	text := string(want.Body)
	quoted := func(expression, otherwise string) string {
		if match := regexp.MustCompile(expression).FindStringSubmatch(text); match != nil {
			return match[1]
		}
		return otherwise
	}
	app := entratest.App{ClientID: quoted(`Application '([^']+)'\(`, entratest.ClientID), Name: quoted(`'\(([^)]+)\) is disabled`, ""), Disabled: true}
	s := entratest.Start(t, entratest.State{Apps: []entratest.App{app}})
	number := numberOf(t, want.Body)
	knobs := map[string]string{"crlf": strconv.FormatBool(strings.Contains(text, `\r\n`))}
	if number != "7000112" { // a name is only known of an application that is found
		knobs["answer"] = number
	}
	if err := s.Turn(knobs); err != nil {
		t.Fatal(err)
	}
	tenant := quoted(`(?:[Tt]enant|identifier|directory|TenantID is:) '?([^' ]+?)'?(?: not found| is neither|\. )`, entratest.TenantID)
	return post(t, s, url.PathEscape(tenant), credentials("TST-wrong",
		"client_id", quoted(`(?:app|identifier|Application) '([^']+)'(?: was|\.|\()`, quoted(`AADSTS700038: (\S+)`, app.ClientID)),
		"scope", quoted(`The scope '([^']+)'`, graphScope),
	))
}

func compare(t *testing.T, got reply, want recorded) {
	t.Helper()
	partly := want.Fidelity == "reflowed" || want.Fidelity == "truncated"
	gotMembers, wantMembers := members(t, []byte(got.text)), members(t, want.Body)
	if !partly && !slices.Equal(gotMembers, wantMembers) {
		t.Errorf("got members %q, want %q", gotMembers, wantMembers)
	}
	gotBody, wantBody := normal(t, []byte(got.text)), normal(t, want.Body)
	for _, name := range wantMembers {
		g, w := gotBody[name], wantBody[name]
		if text, ok := g.(string); ok && want.Fidelity == "truncated" {
			first, _, _ := strings.Cut(text, "Trace ID")
			g = strings.TrimSpace(first)
		}
		if !reflect.DeepEqual(g, w) {
			t.Errorf("%s: got %q, want %q", name, g, w)
		}
	}
}

// normal replaces what differs from answer to answer.
func normal(t *testing.T, body []byte) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"trace_id", "correlation_id", "timestamp"} {
		if _, ok := all[member]; ok {
			all[member] = member
		}
	}
	text, _ := all["error_description"].(string)
	text = regexp.MustCompile(`(Trace ID|Correlation ID): [0-9a-fx-]{35,36}`).ReplaceAllString(text, "$1: …")
	all["error_description"] = regexp.MustCompile(`Timestamp: (\{timestamp\}|[0-9-]+ [0-9:]+Z)`).ReplaceAllString(text, "Timestamp: …")
	if uri, ok := all["error_uri"].(string); ok {
		all["error_uri"] = regexp.MustCompile(`^https://[^/]+/`).ReplaceAllString(uri, "https://host/")
	}
	return all
}

// members are the names of a JSON object in its order.
func members(t *testing.T, body []byte) []string {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(body))
	var names []string
	if _, err := decoder.Token(); err != nil {
		t.Fatal(err)
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, fmt.Sprint(name))
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

func numberOf(t *testing.T, body []byte) string {
	t.Helper()
	match := regexp.MustCompile(`AADSTS(\d+):`).FindSubmatch(body)
	if match == nil {
		t.Fatalf("no AADSTS number in %q", body)
	}
	return string(match[1])
}

func TestThrottlingIsPlainTextAsRecorded(t *testing.T) {
	for _, want := range recordings(t) {
		if want.Text == "" {
			continue
		}
		s := entratest.Start(t, entratest.State{})
		s.Set(entratest.Knobs{Answer: entratest.Throttled})
		got := post(t, s, entratest.TenantID, credentials("TST-wrong"))
		if got.status != want.status() || got.text != want.Text || got.header.Get("Retry-After") != want.Headers["Retry-After"] {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
}

func TestIdentifiersAreTheSameInTextMembersAndHeader(t *testing.T) {
	s := entratest.Start(t, entratest.State{})
	request := tokenRequest(t, s, entratest.TenantID, credentials("TST-wrong"))
	const correlation = "74e69a5d-0dd2-4a65-bd62-8881ad1b72db"
	request.Header.Set("client-request-id", correlation)
	request.Header.Set("return-client-request-id", "true")
	got := do(t, s, request)
	f := got.failure(t)
	want := "Trace ID: " + f.TraceID + " Correlation ID: " + correlation + " Timestamp: " + f.Timestamp
	if !strings.HasSuffix(f.Description, want) {
		t.Errorf("got description %q, want it to end with %q", f.Description, want)
	}
	for name, want := range map[string]string{
		"X-Ms-Request-Id": f.TraceID, "Client-Request-Id": correlation, "Cache-Control": "no-store, no-cache",
		"Pragma": "no-cache", "Content-Type": "application/json; charset=utf-8", "X-Ms-Clitelem": "1,7000215,0,,",
	} {
		if got := got.header.Get(name); got != want {
			t.Errorf("header %s: got %q, want %q", name, got, want)
		}
	}
}
