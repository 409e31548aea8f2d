package expiry

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/empowersuite/backend-installer/installer/settings"
	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// SettingsVersion is the version of files of settings.
const SettingsVersion = 1

// Settings are those of watch, as its file holds them. Secrets are references.
type Settings struct {
	Version    int      `yaml:"version"`
	Thresholds []int    `yaml:"thresholds,omitempty"` // in days, 90 30 14 7 1 when left out
	Levels     *Limits  `yaml:"levels,omitempty"`
	Probe      *bool    `yaml:"probe,omitempty"` // ask Entra ID at each check; true when left out
	EventLog   *bool    `yaml:"eventLog,omitempty"`
	Textfile   string   `yaml:"textfile,omitempty"` // the folder of node_exporter's textfile collector
	Mail       *Mail    `yaml:"mail,omitempty"`
	Webhook    *Webhook `yaml:"webhook,omitempty"`
}

// Limits are how many days are left when a level begins.
type Limits struct {
	Warning  int `yaml:"warning"`
	Critical int `yaml:"critical"`
}

// Mail is where mails go.
type Mail struct {
	Server   string     `yaml:"server"` // host:port
	From     string     `yaml:"from"`
	To       []string   `yaml:"to"`
	User     string     `yaml:"user,omitempty"`
	Password *Reference `yaml:"password,omitempty"`
	CABundle string     `yaml:"caBundle,omitempty"`
}

// Webhook is where messages are posted. The address of many is a secret by itself.
type Webhook struct {
	URL      string     `yaml:"url,omitempty"`
	URLFrom  *Reference `yaml:"urlFrom,omitempty"`
	Key      *Reference `yaml:"key,omitempty"` // of the signature
	Teams    bool       `yaml:"teams,omitempty"`
	Proxy    string     `yaml:"proxy,omitempty"` // a scheduler has none in its environment
	CABundle string     `yaml:"caBundle,omitempty"`
}

// Reference says where a secret is to be read. Exactly one field is set.
type Reference struct {
	File    string `yaml:"file,omitempty"`
	Env     string `yaml:"env,omitempty"`
	Keyring string `yaml:"keyring,omitempty"`
}

// Of is the reference as answers have it.
func (r Reference) Of() settings.Reference {
	return settings.Reference{File: r.File, Env: r.Env, Keyring: r.Keyring}
}

// ofMachine is how the name of an entry of the host's credential store begins.
const ofMachine = "machine:"

// RunsAlone reports whether a scheduler can follow the reference: it has neither the
// environment nor the credential store of an account.
func (r Reference) RunsAlone() bool {
	return r.File != "" || strings.HasPrefix(r.Keyring, ofMachine)
}

// References are those that are given.
func (s Settings) References() []Reference {
	var all []Reference
	add := func(r *Reference) {
		if r != nil {
			all = append(all, *r)
		}
	}
	if s.Mail != nil {
		add(s.Mail.Password)
	}
	if s.Webhook != nil {
		add(s.Webhook.URLFrom)
		add(s.Webhook.Key)
	}
	return all
}

// Defaults are the settings where there is no file.
func Defaults() Settings { return Settings{Version: SettingsVersion} }

// Due are the thresholds.
func (s Settings) Due() []int {
	if len(s.Thresholds) == 0 {
		return []int{90, 30, 14, 7, 1}
	}
	return s.Thresholds
}

// Limits are those of the levels.
func (s Settings) Limits() Limits {
	if s.Levels == nil {
		return Limits{Warning: 30, Critical: 7}
	}
	return *s.Levels
}

// Asks reports whether Entra ID is asked at each check.
func (s Settings) Asks() bool { return s.Probe == nil || *s.Probe }

// Logs reports whether the log of the operating system is told.
func (s Settings) Logs() bool { return s.EventLog == nil || *s.EventLog }

// ParseSettings reads a file and tells every mistake in it. A relative path is
// taken from a folder.
func ParseSettings(data []byte, folder string) (Settings, error) {
	var s Settings
	text, err := settings.DecodeText(data)
	if err != nil {
		return s, err
	}
	if err := yamltree.Decode(text, &s); err != nil {
		return s, err
	}
	absolute(&s, folder)
	return s, errors.Join(s.problems()...)
}

// Encode is the settings as a file holds them.
func (s Settings) Encode() ([]byte, error) { return yamltree.Encode(s) }

// absolute takes relative paths from a folder.
func absolute(s *Settings, folder string) {
	paths := []*string{&s.Textfile}
	var references []*Reference
	if s.Mail != nil {
		paths = append(paths, &s.Mail.CABundle)
		references = append(references, s.Mail.Password)
	}
	if s.Webhook != nil {
		paths = append(paths, &s.Webhook.CABundle)
		references = append(references, s.Webhook.URLFrom, s.Webhook.Key)
	}
	for _, r := range references {
		if r != nil {
			paths = append(paths, &r.File)
		}
	}
	for _, p := range paths {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(folder, *p)
		}
	}
}

func (s Settings) problems() []error {
	var all []error
	if s.Version != SettingsVersion {
		all = append(all, fmt.Errorf("version: %d is wanted", SettingsVersion))
	}
	for i, t := range s.Thresholds {
		if t < 1 || t > 3650 || slices.Contains(s.Thresholds[:i], t) {
			all = append(all, errors.New("thresholds: different numbers of days from 1 to 3650 are wanted"))
			break
		}
	}
	if l := s.Limits(); l.Critical < 0 || l.Warning < l.Critical {
		all = append(all, errors.New("levels: warning and critical are days that are left, and critical is not the larger"))
	}
	if s.Mail != nil {
		all = append(all, s.Mail.problems()...)
	}
	if s.Webhook != nil {
		all = append(all, s.Webhook.problems()...)
	}
	return all
}

func (m Mail) problems() []error {
	var all []error
	if !matches(`^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$`, m.Server) {
		all = append(all, errors.New("mail.server: host:port is wanted, such as smtp.example.com:587"))
	}
	if !isAddress(m.From) {
		all = append(all, errors.New("mail.from: an address is wanted"))
	}
	if len(m.To) == 0 || slices.ContainsFunc(m.To, func(a string) bool { return !isAddress(a) }) {
		all = append(all, errors.New("mail.to: addresses are wanted"))
	}
	if (m.User == "") != (m.Password == nil) {
		all = append(all, errors.New("mail: user and password belong together"))
	}
	return append(all, check("mail.password", m.Password)...)
}

func (w Webhook) problems() []error {
	var all []error
	switch {
	case (w.URL == "") == (w.URLFrom == nil):
		all = append(all, errors.New("webhook: one of url and urlFrom is wanted"))
	case w.URL != "":
		if err := CheckURL(w.URL); err != nil {
			all = append(all, fmt.Errorf("webhook.url: %w", err))
		}
	}
	if w.Proxy != "" && settings.Validate(settings.NetworkProxy, w.Proxy) != nil {
		all = append(all, errors.New("webhook.proxy: an address such as http://proxy.example:3128 is wanted, without a user"))
	}
	all = append(all, check("webhook.urlFrom", w.URLFrom)...)
	return append(all, check("webhook.key", w.Key)...)
}

// CheckURL refuses what nothing should be posted to. The error does not repeat it.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return errors.New("an address with https is wanted, without a user; http only to this host itself")
	}
	return nil
}

func loopback(host string) bool {
	return host == "localhost" || host == "::1" || matches(`^127(\.[0-9]{1,3}){3}$`, host)
}

func check(key string, r *Reference) []error {
	if r == nil {
		return nil
	}
	ways := 0
	for _, way := range []string{r.File, r.Env, r.Keyring} {
		if way != "" {
			ways++
		}
	}
	if ways == 1 {
		return nil
	}
	return []error{errors.New(key + ": exactly one of file, env and keyring is wanted: a secret is not written here")}
}

// isAddress is strict on purpose: what it takes can be written into a header and a
// command of SMTP as it is.
func isAddress(text string) bool {
	return len(text) <= 254 && matches(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9.-]+$`, text) && !strings.Contains(text, "..")
}

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }
