package entratest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	grantDeviceCode = "urn:ietf:params:oauth:grant-type:device_code"
	grantDeviceMSAL = "device_code" // what Microsoft's own Go client sends
	deviceLogin     = "https://microsoft.com/devicelogin"
	deviceInterval  = 5 * time.Second
	deviceLifetime  = 15 * time.Minute
	userCodeChars   = 9
	userAlphabet    = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789" // 32: no bias, nothing to mistake
)

// The states of a device code.
const (
	devicePending  = "pending"
	deviceApproved = "approved"
	deviceDeclined = "declined"
	deviceRedeemed = "redeemed"
)

// Mistakes of whoever answers for the user at the page for device codes.
var (
	ErrUnknownCode = errors.New("no such user code, or it has expired")
	ErrUnknownUser = errors.New("no such user")
	ErrRefused     = errors.New("AADSTS53003: Conditional Access does not allow device code")
)

// DeviceCode is a sign-in by device code as whoever drives the server sees it;
// the device code itself stays inside.
type DeviceCode struct {
	UserCode string    `json:"userCode"`
	Tenant   string    `json:"tenant"`
	ClientID string    `json:"clientId"`
	Scope    string    `json:"scope"`
	State    string    `json:"state"`   // pending, approved, declined or redeemed
	Expires  time.Time `json:"expires"` // by the server's clock
}

type device struct {
	DeviceCode
	user User
}

// offered is the body of a success of the device authorization endpoint.
type offered struct {
	UserCode        string `json:"user_code"`
	DeviceCode      string `json:"device_code"`
	VerificationURI string `json:"verification_uri"`
	ExpiresIn       int    `json:"expires_in"`
	Interval        int    `json:"interval"`
	Message         string `json:"message"`
}

// deviceAuthorization is the device authorization endpoint.
func (c *call) deviceAuthorization() answer {
	if a, ok := c.findTenant(); !ok {
		return a
	}
	app, a, ok := c.client()
	if !ok {
		return a
	}
	if _, _, a, ok := c.delegated(app, c.form.Get("scope")); !ok {
		return a
	}
	d := &device{DeviceCode: DeviceCode{
		UserCode: newUserCode(), Tenant: c.tenant.ID, ClientID: app.ClientID, Scope: c.form.Get("scope"),
		State: devicePending, Expires: c.clock.Add(c.server.knobs.deviceLifetime()),
	}}
	secret := c.server.gave(DeviceSecret, "0.TSTdevice"+strings.ReplaceAll(newGUID()+newGUID(), "-", ""))
	c.server.gave(UserCode, d.UserCode)
	c.server.devices[secret] = d
	return c.json(http.StatusOK, offered{
		UserCode: d.UserCode, DeviceCode: secret, VerificationURI: deviceLogin,
		ExpiresIn: int(c.server.knobs.deviceLifetime() / time.Second), Interval: int(c.server.knobs.deviceInterval() / time.Second),
		Message: deviceMessage(c.request.URL.Query().Get("mkt"), d.UserCode),
	})
}

func (k Knobs) deviceInterval() time.Duration {
	if k.DeviceInterval > 0 {
		return k.DeviceInterval
	}
	return deviceInterval
}

func (k Knobs) deviceLifetime() time.Duration {
	if k.DeviceLifetime > 0 {
		return k.DeviceLifetime
	}
	return deviceLifetime
}

func newUserCode() string {
	random := make([]byte, userCodeChars)
	_, _ = rand.Read(random) // it never fails
	for i, b := range random {
		random[i] = userAlphabet[int(b)%len(userAlphabet)]
	}
	return string(random)
}

// deviceMessage is the instruction in the language of mkt, else in English.
func deviceMessage(mkt, userCode string) string {
	texts := map[string]string{
		"de": "Verwenden Sie einen Webbrowser, um die Seite {uri} zu öffnen, und geben Sie den Code {code} ein, um sich anzumelden.",
		"fr": "Pour vous connecter, utilisez un navigateur web pour ouvrir la page {uri} et entrez le code {code} pour vous authentifier.",
	}
	language, _, _ := strings.Cut(strings.ToLower(mkt), "-")
	text, ok := texts[language]
	if !ok {
		text = "To sign in, use a web browser to open the page {uri} and enter the code {code} to authenticate."
	}
	return strings.NewReplacer("{uri}", deviceLogin, "{code}", userCode).Replace(text)
}

// deviceCode is the grant of the token endpoint. The number of an error is
// Entra ID's, the order of the checks is that of RFC 8628.
func (c *call) deviceCode() answer {
	app, a, ok := c.client()
	switch {
	case !ok:
		return a
	case c.form.Get("device_code") == "":
		return c.refuse(codeParameter, "{parameter}", "device_code")
	case !app.Public:
		return c.refuse(codeSecretMissingWeb)
	}
	return c.redeemDevice(app, c.server.devices[c.form.Get("device_code")])
}

func (c *call) redeemDevice(app *application, d *device) answer {
	switch {
	case d == nil || d.ClientID != app.ClientID || d.Tenant != c.tenant.ID:
		return c.refuse(codeDeviceUnknown)
	case d.State == deviceRedeemed:
		return c.refuse(codeCodeRedeemed)
	case d.State == deviceDeclined:
		return c.refuse(codeDeviceDeclined)
	case !c.clock.Before(d.Expires):
		return c.refuse(codeDeviceExpired)
	case c.server.knobs.SlowDowns > 0:
		c.server.knobs.SlowDowns--
		return c.slowDown()
	case d.State == devicePending:
		return c.refuse(codeDevicePending)
	case c.server.knobs.DevicePolicy == PolicyAtToken:
		return c.refuse(codeBlocked)
	}
	d.State = deviceRedeemed
	return c.grantUser(app, d.user, d.Scope, "")
}

// slowDown is worded by RFC 8628 section 3.5: Microsoft documents none.
func (c *call) slowDown() answer {
	a := c.json(http.StatusBadRequest, failure{Error: "slow_down", Description: "The client polls too often."})
	a.outcome = "slow_down"
	return a
}

// DeviceCodes are the sign-ins by device code that have not expired, by their
// expiry.
func (s *Server) DeviceCodes() []DeviceCode {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []DeviceCode
	for _, d := range s.devices {
		if s.clock().Before(d.Expires) {
			all = append(all, d.DeviceCode)
		}
	}
	slices.SortFunc(all, func(a, b DeviceCode) int { return a.Expires.Compare(b.Expires) })
	return all
}

// Approve is what a user does who enters the code and signs in; "" is the
// tenant's first user.
func (s *Server) Approve(userCode, email string) error {
	return s.atDeviceLogin(userCode, func(d *device) error {
		if s.knobs.DevicePolicy == PolicyAtPage {
			return ErrRefused // the page says so; the client is told nothing
		}
		user, ok := s.directory.user(d.Tenant, email)
		if !ok || email != "" && !strings.EqualFold(user.Email, email) {
			return fmt.Errorf("%s: %w", email, ErrUnknownUser)
		}
		d.user, d.State = user, deviceApproved
		return nil
	})
}

// Decline is what a user does who enters the code and cancels.
func (s *Server) Decline(userCode string) error {
	return s.atDeviceLogin(userCode, func(d *device) error {
		d.State = deviceDeclined
		return nil
	})
}

func (s *Server) atDeviceLogin(userCode string, act func(*device) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d := range maps.Values(s.devices) {
		if strings.EqualFold(d.UserCode, userCode) && d.State == devicePending && s.clock().Before(d.Expires) {
			return act(d)
		}
	}
	return fmt.Errorf("%s: %w", userCode, ErrUnknownCode)
}
