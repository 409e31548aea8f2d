package entratest

import (
	_ "embed" // answers.yaml, graph.yaml
	"fmt"
	"net/http"
	"strings"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// The errors that the server finds by itself.
const (
	codeSecretWrong      = 7000215
	codeSecretExpired    = 7000222
	codeSecretMissing    = 7000216
	codeSecretMissingWeb = 7000218
	codeClientUnknown    = 700016
	codeClientMalformed  = 700038
	codeAppDisabled      = 7000112
	codeTenantUnknown    = 90002
	codeTenantMalformed  = 900023
	codeTenantCommon     = 9001023
	codeTenantMissing    = 50059
	codeBlocked          = 53003
	codeParameter        = 900144
	codeGrant            = 70003
	codeScope            = 70011
	codeScopeDefault     = 1002012
	codeResource         = 500011
	codeRedirect         = 50011
	codeCodeInvalid      = 70000
	codeCodeRedeemed     = 54005
	codeVerifier         = 501481
	codePublic           = 700025
	codeResources        = 700022
	codeDevicePending    = 70016
	codeDeviceDeclined   = 70018
	codeDeviceUnknown    = 70019
	codeDeviceExpired    = 70020
	codeConsentDeclined  = 65004
)

//go:embed answers.yaml
var answersYAML []byte

//go:embed graph.yaml
var graphYAML []byte

// wording is how one error number is answered.
type wording struct {
	Code       int    `yaml:"code"`
	Status     int    `yaml:"status"`
	Error      string `yaml:"error"`
	SubError   string `yaml:"suberror"`
	Text       string `yaml:"text"`
	NoURI      bool   `yaml:"noURI"`
	TwoMembers bool   `yaml:"twoMembers"` // error and error_description, nothing else
	Source     string `yaml:"source"`
}

func catalogue() (map[int]wording, error) {
	var all []wording
	if err := yamltree.Decode(answersYAML, &all); err != nil {
		return nil, fmt.Errorf("answers.yaml: %w", err)
	}
	byCode := map[int]wording{}
	for _, w := range all {
		if w.Status == 0 {
			w.Status = http.StatusBadRequest
		}
		byCode[w.Code] = w
	}
	return byCode, nil
}

// graphCatalogue is graph.yaml by name.
func graphCatalogue() (map[string]graphWording, error) {
	var all []graphWording
	if err := yamltree.Decode(graphYAML, &all); err != nil {
		return nil, fmt.Errorf("graph.yaml: %w", err)
	}
	byName := map[string]graphWording{}
	for _, w := range all {
		byName[w.Name] = w
	}
	return byName, nil
}

// failure is the body of an error, members in Entra ID's order.
type failure struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes,omitempty"`
	Timestamp     string `json:"timestamp,omitempty"`
	TraceID       string `json:"trace_id,omitempty"`
	CorrelationID string `json:"correlation_id,omitempty"`
	URI           string `json:"error_uri,omitempty"`
	SubError      string `json:"suberror,omitempty"`
}

// refuse is the answer with an error number; pairs fill the wording's places.
func (c *call) refuse(code int, pairs ...string) answer {
	w, ok := c.server.wordings[code]
	if !ok {
		w = wording{Code: code, Status: http.StatusBadRequest, Error: "invalid_request", Text: "An error without a wording."}
	}
	places := append(pairs, "{app}", c.form.Get("client_id"), "{name}", c.appName, "{tenant}", c.tenantName,
		"{scope}", c.form.Get("scope"), "{resource}", c.form.Get("scope"), "{grant}", c.grant, "{parameter}", "grant_type")
	text := fmt.Sprintf("AADSTS%d: %s", code, strings.NewReplacer(places...).Replace(w.Text))
	body := failure{Error: w.Error, Description: text, SubError: w.SubError}
	if !w.TwoMembers {
		c.identify(&body, w)
	}
	a := c.json(w.Status, body)
	a.code, a.outcome = code, fmt.Sprint(code)
	a.header.Set("X-Ms-Clitelem", fmt.Sprintf("1,%d,0,,", code))
	return a
}

func (c *call) identify(body *failure, w wording) {
	separator := " "
	if c.server.knobs.CRLF {
		separator = "\r\n"
	}
	stamp := c.clock.UTC().Format("2006-01-02 15:04:05Z")
	body.Description = strings.Join([]string{
		body.Description, "Trace ID: " + c.trace, "Correlation ID: " + c.correlation, "Timestamp: " + stamp,
	}, separator)
	body.Codes, body.Timestamp, body.TraceID, body.CorrelationID = []int{w.Code}, stamp, c.trace, c.correlation
	if !w.NoURI {
		body.URI = fmt.Sprintf("https://%s/error?code=%d", c.request.Host, w.Code)
	}
}
