package graph_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
	"github.com/empowersuite/backend-installer/installer/graph"
)

func TestPoliciesAreReadAsMicrosoftWritesThem(t *testing.T) {
	const before, after = `"2014-10-19T10:37:00Z"`, `"2040-10-19T10:37:00Z"`
	registered := time.Date(2023, time.May, 2, 0, 0, 0, 0, time.UTC)
	lifetime := func(longest string) string {
		return `{"restrictionType":"passwordLifetime","maxLifetime":"` + longest + `"}`
	}
	addition := func(more string) string { return `{"restrictionType":"passwordAddition"` + more + `}` }
	for restrictions, want := range map[string]graph.Policy{
		addition(`,"state":"enabled","maxLifetime":null,"restrictForAppsCreatedAfterDateTime":` + before): {Forbidden: true},
		addition(`,"state":"enabled","maxLifetime":null,"restrictForAppsCreatedAfterDateTime":` + after):  {},
		addition(`,"state":"disabled"`):           {},
		addition(""):                              {Forbidden: true},
		lifetime("P4DT12H30M5S"):                  {Longest: 4*day + 12*time.Hour + 30*time.Minute + 5*time.Second},
		lifetime("P90D") + "," + lifetime("P30D"): {Longest: 30 * day},
		`{"restrictionType":"symmetricKeyLifetime","maxLifetime":"P1D"}`: {},
	} {
		c, _ := serve(t, http.StatusOK, `{"value":[{"isEnabled":true,"restrictions":{"passwordCredentials":[`+restrictions+`]}}]}`)
		got, err := c.Policy(t.Context(), graph.Application{ClientID: entratest.ClientID, Registered: registered})
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", restrictions, got, err, want)
		}
	}
	for _, longest := range []string{"", "90", "P", "PT", "P1Y", "P-1D"} {
		c, _ := serve(t, http.StatusOK, `{"value":[{"isEnabled":true,"restrictions":{"passwordCredentials":[{"restrictionType":"passwordLifetime","maxLifetime":"`+longest+`"}]}}]}`)
		if _, err := c.Policy(t.Context(), graph.Application{ClientID: entratest.ClientID}); !errors.Is(err, graph.ErrLifetime) {
			t.Errorf("%q: got %v, want ErrLifetime", longest, err)
		}
	}
}
