package emulator

import (
	"flag"
	"fmt"
	"strconv"
	"time"
)

type adminOptions struct {
	url, caFile, tokenFile          string
	app, tenant, appName, redirect  string
	disabled, blocked, public       optionalBool
	code, user                      string
	keyID, name, except, start, end string
	outcome                         string
	valueFromStdin, onlyCount       bool
	streams                         Streams
	api                             *client
}

// optionalBool is a switch that may be left as it is.
type optionalBool struct{ value *bool }

func (b *optionalBool) String() string {
	if b == nil || b.value == nil {
		return ""
	}
	return strconv.FormatBool(*b.value)
}

func (b *optionalBool) Set(text string) error {
	on, err := strconv.ParseBool(text)
	b.value = &on
	return err
}

func (*optionalBool) IsBoolFlag() bool { return true }

func runAdmin(args []string, streams Streams) error {
	o := &adminOptions{streams: streams}
	set := o.flags()
	words, err := parse(set, args, streams)
	if err != nil {
		return err
	}
	if err := need(set, "url", "ca-file", "token-file"); err != nil {
		return err
	}
	if len(words) == 0 {
		return fmt.Errorf("%w: which verb? see --help", errUsage)
	}
	if o.api, err = newClient(o.url, o.caFile, o.tokenFile); err != nil {
		return err
	}
	verb, words := words[0], words[1:]
	if len(words) > 0 && verb != "knob" {
		return fmt.Errorf("%w: unexpected %q", errUsage, words[0])
	}
	return o.verb(verb, words)
}

func (o *adminOptions) flags() *flag.FlagSet {
	set := flag.NewFlagSet("admin", flag.ContinueOnError)
	set.StringVar(&o.url, "url", "", "`URL` of the emulator")
	set.StringVar(&o.caFile, "ca-file", "", "`file` with its certificate authority")
	set.StringVar(&o.tokenFile, "token-file", "", "`file` with the token of the admin API")
	set.StringVar(&o.app, "app", "", "`client ID` of the application")
	set.StringVar(&o.tenant, "tenant", "", "set-app: `ID` of the tenant of a new application")
	set.StringVar(&o.appName, "app-name", "", "set-app: `name` of the application")
	set.StringVar(&o.redirect, "redirect-uri", "", "set-app: a further redirect `URI`")
	set.Var(&o.disabled, "disabled", "set-app: true or false")
	set.Var(&o.blocked, "blocked", "set-app: blocked by Conditional Access, true or false")
	set.Var(&o.public, "public", "set-app: signs users in without a secret, true or false")
	set.StringVar(&o.code, "code", "", "approve, decline: the user `code` (default: every one that waits)")
	set.StringVar(&o.user, "user", "", "approve: `e-mail address` of who signs in (default: the tenant's first user)")
	set.StringVar(&o.keyID, "key-id", "", "`Secret ID` of the password")
	set.StringVar(&o.name, "name", "", "`name` of the password")
	set.StringVar(&o.except, "except", "", "every password but those of this `name`")
	set.StringVar(&o.start, "start", "", "add-password: `time` (RFC 3339) from which it is valid")
	set.StringVar(&o.end, "end", "", "add-password: `time` (RFC 3339) at which it expires")
	set.BoolVar(&o.valueFromStdin, "value-stdin", false, "add-password: read the value from standard input")
	set.BoolVar(&o.onlyCount, "count", false, "requests: print the number of token requests only")
	set.StringVar(&o.outcome, "outcome", "", "requests --count: only those that ended with this `word`")
	return set
}

func (o *adminOptions) verb(verb string, words []string) error {
	switch verb {
	case "list-apps":
		return o.show("/admin/apps")
	case "set-app":
		return o.setApp()
	case "add-password":
		return o.addPassword()
	case "list-passwords":
		return o.listPasswords()
	case "remove-password":
		return o.eachPassword("DELETE", "")
	case "expire-password":
		return o.eachPassword("POST", "/expire")
	case "list-codes":
		return o.show("/admin/devicecodes")
	case "approve", "decline":
		return o.eachCode(verb)
	case "knob":
		return o.knob(words)
	case "requests":
		return o.requests()
	default:
		return fmt.Errorf("%w: no verb %q", errUsage, verb)
	}
}

func parseTime(flag, text string) (*time.Time, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // not given
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return nil, fmt.Errorf("%w: --%s: wanted a time such as 2026-12-31T00:00:00Z", errUsage, flag)
	}
	return &at, nil
}
