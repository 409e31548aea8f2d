package registration_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/registration"
	"github.com/empowersuite/backend-installer/installer/settings"
)

const tenant = "6f0c1f1e-0000-4000-8000-000000000001"

func TestTheFileGivesTenantAndPublicAddress(t *testing.T) {
	for text, want := range map[string]map[string]string{
		`{"tenantID": "` + tenant + `", "appName": "empower", "hostname": "backend.contoso.com", "useMailsOnline": true, "useSCIM": false}`: {
			settings.TenantID: tenant, settings.PublicURL: "https://backend.contoso.com",
		},
		"\ufeff{ // ours\n \"TENANTID\": \"contoso.com\", \"Hostname\": \"https://backend.contoso.com/\", }": {
			settings.TenantID: "contoso.com", settings.PublicURL: "https://backend.contoso.com",
		},
		`{"appName": "x", "hostname": " "}`: {},
	} {
		got, err := registration.Parse([]byte(text))
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

// A comma that is missing is told with its place, and not put in.
func TestWhatIsWrongIsToldWithItsPlaceAndNeverQuoted(t *testing.T) {
	const hidden = "TST8Q~not-a-real-secret-0000000000000001"
	for text, want := range map[string]string{
		"{\n  \"tenantID\": \"" + tenant + "\",\n  \"appName\": \"empower\"\n  \"hostname\": \"b.contoso.com\"\n}": "4:3: a comma is missing",
		"{\n \"tenantID\": \"common\"}":              "2:14: tenantID: the tenant's own ID (a GUID) or one of its domains is wanted",
		`{"tenantID": "` + hidden + `"}`:             "1:14: tenantID: this looks like a client secret",
		`{"tenantID": "<your tenant>"}`:              "1:14: tenantID: it is a placeholder",
		`{"hostname": "http://b.contoso.com"}`:       "1:14: hostname: an https address is wanted",
		`{"tenantID": "a.com", "TenantId": "b.com"}`: "1:35: /tenantID is there twice",
		`{"tenantID": 1}`:                            "1:14: /tenantID is no string",
		`{"clientSecret": "` + hidden + `"}`:         "1:1: none of tenantID, appName",
		`["tenantID"]`:                               "1:1: none of tenantID",
		"":                                           "1:1: the file ends too early",
	} {
		got, err := registration.Parse([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "TST8Q") || len(got) > 0 {
			t.Errorf("%s: got %v, %v, want %s", text, got, err, want)
		}
	}
}
