package settings

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// maxTextBytes bounds every value.
const maxTextBytes = 4096

// Validate says what is wrong with a value, in words that ask for a better one;
// nil when it is fine. It never quotes the value.
func Validate(key, text string) error {
	s, ok := Find(key)
	if !ok {
		return fmt.Errorf("there is no such setting%s", suggestion(key))
	}
	return s.Validate(text)
}

// Validate says what is wrong with a value of the setting.
func (s Setting) Validate(text string) error {
	if len(text) > maxTextBytes {
		return fmt.Errorf("longer than %d bytes", maxTextBytes)
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return errors.New("holds a control character or a line end")
	}
	if s.Kind != Secret && looksSecret(text) {
		return errors.New("this looks like a client secret, which does not belong here")
	}
	if strings.TrimSpace(text) != text {
		return errors.New("begins or ends with a blank")
	}
	if text == "" {
		if s.Required {
			return errors.New("a value is needed")
		}
		return nil
	}
	check, checked := checks()[s.Kind]
	switch {
	case s.Kind == Choice:
		return s.validateChoice(text)
	case s.Kind == Integer:
		return s.validateInteger(text)
	case checked && !check.ok(text):
		return errors.New(check.want)
	}
	return nil
}

func (s Setting) validateChoice(text string) error {
	if !slices.Contains(s.Choices, text) {
		return fmt.Errorf("one of %s is wanted", strings.Join(s.Choices, ", "))
	}
	return nil
}

func (s Setting) validateInteger(text string) error {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return errors.New("a whole number is wanted")
	case (s.Min != 0 || s.Max != 0) && (n < s.Min || n > s.Max):
		return fmt.Errorf("a number from %d to %d is wanted", s.Min, s.Max)
	}
	return nil
}

type check struct {
	ok   func(string) bool
	want string
}

func checks() map[Kind]check {
	return map[Kind]check{
		Name:    {isName, "letters, digits, - and _ are wanted, 32 at most, beginning with a letter; not a device name of Windows such as con or com1"},
		Boolean: {isBoolean, "true or false is wanted"},
		GUID:    {isGUID, "a GUID such as 11111111-2222-3333-4444-555555555555 is wanted"},
		Tenant:  {isTenant, "the tenant's own ID (a GUID) or one of its domains is wanted; common, organizations and consumers do not work with a client secret"},
		URL:     {isURL, "an https address is wanted"},
		Root:    {isRoot, "an https address without a path is wanted; plain http is never used"},
		Proxy:   {isProxy, "an address such as http://proxy.example:3128 is wanted, without user and password"},
		Address: {isAddress, "host:port is wanted"},
		Path:    {isPath, "an absolute path is wanted"},
		Date:    {isDate, "a date such as 2026-12-31 is wanted"},
	}
}

func isBoolean(s string) bool { return s == "true" || s == "false" }

func matches(pattern, s string) bool { return regexp.MustCompile(pattern).MatchString(s) }

// isName refuses Windows' device names: a name becomes part of folders.
func isName(s string) bool {
	return matches(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`, s) && !matches(`^(?i:con|prn|aux|nul|(com|lpt)[0-9])$`, s)
}

func isGUID(s string) bool {
	return matches(guidPattern, s)
}

func isTenant(s string) bool {
	return isGUID(s) || len(s) <= 253 && matches(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$`, s)
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil
}

func isRoot(s string) bool {
	u, err := url.Parse(s)
	return err == nil && isURL(s) && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}

func isProxy(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil &&
		strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}

func isAddress(s string) bool {
	at := strings.LastIndexByte(s, ':')
	if at < 1 {
		return false
	}
	port, err := strconv.Atoi(s[at+1:])
	if err != nil || port < 1 || port > 65535 {
		return false
	}
	host := s[:at]
	if bare, ok := strings.CutPrefix(host, "["); ok {
		_, err := netip.ParseAddr(strings.TrimSuffix(bare, "]"))
		return err == nil && strings.HasSuffix(bare, "]")
	}
	return matches(`^[A-Za-z0-9._-]+$`, host)
}

func isPath(s string) bool {
	return strings.HasPrefix(s, "/") || matches(`^([A-Za-z]:[\\/]|\\\\[^\\]+\\)`, s)
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Number is an integer setting as a lookup gives it, else its default.
func Number(get func(key string) (string, bool), key string) int {
	for _, source := range []func(string) (string, bool){get, func(k string) (string, bool) { return Default(k), true }} {
		text, ok := source(key)
		if n, err := strconv.Atoi(text); ok && err == nil {
			return n
		}
	}
	return 0
}
