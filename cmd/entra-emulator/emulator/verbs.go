package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

const maxSecretBytes = 4096

// show prints an answer of the API.
func (o *adminOptions) show(path string) error {
	var out json.RawMessage
	if err := o.api.ask(http.MethodGet, path, nil, &out); err != nil {
		return err
	}
	var text bytes.Buffer
	if err := json.Indent(&text, out, "", "  "); err != nil {
		return fmt.Errorf("answer of the admin API: %w", err)
	}
	_, err := fmt.Fprintln(o.streams.Out, strings.TrimSpace(text.String()))
	return err
}

func (o *adminOptions) needApp() error {
	if o.app == "" {
		return fmt.Errorf("%w: --app is missing", errUsage)
	}
	return nil
}

func (o *adminOptions) setApp() error {
	if err := o.needApp(); err != nil {
		return err
	}
	in := entratest.AdminApp{
		Tenant: o.tenant, ClientID: o.app, Name: o.appName, Disabled: o.disabled.value, Blocked: o.blocked.value,
		Public: o.public.value,
	}
	if o.redirect != "" {
		in.RedirectURIs = []string{o.redirect}
	}
	return o.api.ask(http.MethodPut, "/admin/apps", in, nil)
}

func (o *adminOptions) addPassword() error {
	if err := o.needApp(); err != nil {
		return err
	}
	in := entratest.AdminPassword{App: o.app, KeyID: o.keyID, Name: o.name}
	var err error
	if in.Start, err = parseTime("start", o.start); err != nil {
		return err
	}
	if in.End, err = parseTime("end", o.end); err != nil {
		return err
	}
	if o.valueFromStdin {
		if in.Value, err = o.readValue(); err != nil {
			return err
		}
	}
	var added entratest.AdminPassword
	if err := o.api.ask(http.MethodPost, "/admin/passwords", in, &added); err != nil {
		return err
	}
	if o.valueFromStdin {
		return nil
	}
	_, err = fmt.Fprintln(o.streams.Out, added.Value)
	return err
}

func (o *adminOptions) readValue() (string, error) {
	text, err := io.ReadAll(io.LimitReader(o.streams.In, maxSecretBytes+1))
	if err != nil {
		return "", err
	}
	value := strings.TrimRight(string(text), "\r\n")
	if value == "" || len(text) > maxSecretBytes {
		return "", fmt.Errorf("standard input: wanted a value of 1 to %d bytes", maxSecretBytes)
	}
	return value, nil
}

func (o *adminOptions) passwords() ([]entratest.AdminPassword, error) {
	if err := o.needApp(); err != nil {
		return nil, err
	}
	var apps []entratest.AdminApp
	if err := o.api.ask(http.MethodGet, "/admin/apps", nil, &apps); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(apps, func(a entratest.AdminApp) bool { return strings.EqualFold(a.ClientID, o.app) })
	if i < 0 {
		return nil, fmt.Errorf("%s: %w", o.app, entratest.ErrUnknownApp)
	}
	return apps[i].Passwords, nil
}

func (o *adminOptions) listPasswords() error {
	all, err := o.passwords()
	if err != nil {
		return err
	}
	for _, p := range all {
		_, err := fmt.Fprintln(o.streams.Out, strings.Join([]string{
			p.KeyID, p.Hint, p.Start.Format(time.RFC3339), p.End.Format(time.RFC3339), p.Name,
		}, "\t"))
		if err != nil {
			return err
		}
	}
	return nil
}

// eachPassword acts on every password that the flags name; none is an error
// unless "every other one" was meant.
func (o *adminOptions) eachPassword(method, act string) error {
	match, err := o.selector()
	if err != nil {
		return err
	}
	all, err := o.passwords()
	if err != nil {
		return err
	}
	met := 0
	for _, p := range all {
		if !match(p) {
			continue
		}
		met++
		path := "/admin/apps/" + url.PathEscape(o.app) + "/passwords/" + url.PathEscape(p.KeyID) + act
		if err := o.api.ask(method, path, nil, nil); err != nil {
			return err
		}
	}
	if met == 0 && o.except == "" {
		return entratest.ErrUnknownPassword
	}
	return nil
}

func (o *adminOptions) selector() (func(entratest.AdminPassword) bool, error) {
	switch given := []bool{o.keyID != "", o.name != "", o.except != ""}; {
	case slices.Equal(given, []bool{true, false, false}):
		return func(p entratest.AdminPassword) bool { return p.KeyID == o.keyID }, nil
	case slices.Equal(given, []bool{false, true, false}):
		return func(p entratest.AdminPassword) bool { return p.Name == o.name }, nil
	case slices.Equal(given, []bool{false, false, true}):
		return func(p entratest.AdminPassword) bool { return p.Name != o.except }, nil
	default:
		return nil, fmt.Errorf("%w: one of --key-id, --name and --except is due", errUsage)
	}
}

func (o *adminOptions) knob(words []string) error {
	stand := map[string]string{}
	if len(words) == 0 {
		if err := o.api.ask(http.MethodGet, "/admin/knobs", nil, &stand); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(stand)) {
			if _, err := fmt.Fprintf(o.streams.Out, "%s=%s\n", name, stand[name]); err != nil {
				return err
			}
		}
		return nil
	}
	if slices.Equal(words, []string{"reset"}) {
		return o.api.ask(http.MethodDelete, "/admin/knobs", nil, nil)
	}
	for _, word := range words {
		name, value, ok := strings.Cut(word, "=")
		if !ok {
			return fmt.Errorf("%w: %q: wanted NAME=VALUE", errUsage, word)
		}
		stand[name] = value
	}
	return o.api.ask(http.MethodPatch, "/admin/knobs", stand, nil)
}

func (o *adminOptions) requests() error {
	if !o.onlyCount {
		return o.show("/admin/requests")
	}
	var log entratest.AdminRequests
	if err := o.api.ask(http.MethodGet, "/admin/requests", nil, &log); err != nil {
		return err
	}
	n := 0
	for app, outcomes := range log.Counts {
		for outcome, count := range outcomes {
			if (o.app == "" || strings.EqualFold(app, o.app)) && (o.outcome == "" || outcome == o.outcome) {
				n += count
			}
		}
	}
	_, err := fmt.Fprintln(o.streams.Out, n)
	return err
}
