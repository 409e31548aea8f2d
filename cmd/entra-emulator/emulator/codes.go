package emulator

import (
	"net/http"
	"net/url"

	"github.com/empowersuite/backend-installer/installer/entra/entratest"
)

// eachCode answers for the user at the page for device codes; nothing that
// waits is an error.
func (o *adminOptions) eachCode(act string) error {
	codes := []string{o.code}
	if o.code == "" {
		var err error
		if codes, err = o.waiting(); err != nil {
			return err
		}
	}
	if len(codes) == 0 {
		return entratest.ErrUnknownCode
	}
	for _, code := range codes {
		path := "/admin/devicecodes/" + url.PathEscape(code) + "/" + act
		if err := o.api.ask(http.MethodPost, path, entratest.AdminUser{User: o.user}, nil); err != nil {
			return err
		}
	}
	return nil
}

func (o *adminOptions) waiting() ([]string, error) {
	var all []entratest.DeviceCode
	if err := o.api.ask(http.MethodGet, "/admin/devicecodes", nil, &all); err != nil {
		return nil, err
	}
	var codes []string
	for _, c := range all {
		if c.State == "pending" {
			codes = append(codes, c.UserCode)
		}
	}
	return codes, nil
}
