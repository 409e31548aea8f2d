package exchange

import (
	"fmt"
	"net/url"
	"regexp"
)

// Root reads the address of a service, which is https and has a host; what names the
// service in the error.
func Root(text, what string) (*url.URL, error) {
	root, err := url.Parse(text)
	if err != nil || root.Scheme != "https" || root.Host == "" {
		return nil, fmt.Errorf("%s is no https address", what)
	}
	return root, nil
}

// IsGUID reports whether a text has the form of Microsoft's identifiers, such as
// 11111111-2222-3333-4444-555555555555.
func IsGUID(text string) bool {
	return regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`).MatchString(text)
}
