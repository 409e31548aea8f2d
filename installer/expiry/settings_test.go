package expiry_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/expiry"
)

const whole = `version: 1
thresholds: [60, 10]
levels: {warning: 20, critical: 5}
probe: false
eventLog: false
textfile: collector
mail:
  server: smtp.example.com:587
  from: backend@example.com
  to: [it@example.com, second@example.com]
  user: backend
  password: {file: smtp-password}
webhook:
  urlFrom: {keyring: teams}
  key: {env: WEBHOOK_KEY}
  teams: true
`

func TestSettingsAreReadAsTheyAre(t *testing.T) {
	folder := t.TempDir()
	s, err := expiry.ParseSettings([]byte(whole), folder)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(s.Due(), []int{60, 10}) || s.Limits() != (expiry.Limits{Warning: 20, Critical: 5}) || s.Asks() || s.Logs() {
		t.Errorf("got %+v", s)
	}
	if want := filepath.Join(folder, "smtp-password"); s.Mail.Password.File != want || s.Textfile != filepath.Join(folder, "collector") {
		t.Errorf("got the paths %q and %q, want them in %q", s.Mail.Password.File, s.Textfile, folder)
	}
}

func TestSettingsAreWrittenAsTheyAre(t *testing.T) {
	s, err := expiry.ParseSettings([]byte(whole), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := expiry.ParseSettings(text, "/elsewhere")
	if err != nil || *again.Mail.Password != *s.Mail.Password || *again.Webhook.URLFrom != *s.Webhook.URLFrom || again.Asks() {
		t.Errorf("got %+v and %v after writing, want %+v", again, err, s)
	}
}

func TestSettingsThatNobodyMadeAreTheDefaults(t *testing.T) {
	s, err := expiry.ParseSettings([]byte("version: 1\n"), "")
	if err != nil || !slices.Equal(s.Due(), []int{90, 30, 14, 7, 1}) || s.Limits() != (expiry.Limits{Warning: 30, Critical: 7}) || !s.Asks() || !s.Logs() {
		t.Errorf("got %+v and %v", s, err)
	}
}

func TestEveryMistakeInSettingsIsTold(t *testing.T) {
	const planted = "hunter2-not-to-be-shown"
	for text, want := range map[string]string{
		"":                               "",
		"thresholds: [1]":                "version: 1 is wanted",
		"version: 1\nnonsense: 1":        "nonsense",
		"version: 1\nthresholds: [1, 1]": "thresholds: different numbers",
		"version: 1\nthresholds: [0]":    "thresholds: different numbers",
		"version: 1\nlevels: {warning: 1, critical: 2}":                                                             "levels:",
		"version: 1\nmail: {server: smtp, from: a@b.c, to: [d@e.f]}":                                                "mail.server: host:port",
		"version: 1\nmail: {server: 'smtp:25', from: a, to: [d@e.f]}":                                               "mail.from",
		"version: 1\nmail: {server: 'smtp:25', from: a@b.c, to: ['d@e.f>\\nX: y']}":                                 "mail.to",
		"version: 1\nmail: {server: 'smtp:25', from: a@b.c, to: []}":                                                "mail.to",
		"version: 1\nmail: {server: 'smtp:25', from: a@b.c, to: [d@e.f], user: u}":                                  "user and password belong together",
		"version: 1\nmail: {server: 'smtp:25', from: a@b.c, to: [d@e.f], user: u, password: " + planted + "}":       "",
		"version: 1\nmail: {server: 'smtp:25', from: a@b.c, to: [d@e.f], user: u, password: {}}":                    "mail.password: exactly one",
		"version: 1\nmail: {server: 'smtp:25', from: a@b.c, to: [d@e.f], user: u, password: {file: a, keyring: b}}": "mail.password: exactly one",
		"version: 1\nwebhook: {}": "one of url and urlFrom",
		"version: 1\nwebhook: {url: 'http://example.com/" + planted + "'}":                              "webhook.url: an address with https",
		"version: 1\nwebhook: {url: 'https://u:" + planted + "@example.com/'}":                          "webhook.url: an address with https",
		"version: 1\nwebhook: {url: 'https://example.com/', key: {env: A, file: B}}":                    "webhook.key: exactly one",
		"version: 1\nwebhook: {url: 'https://example.com/', proxy: 'http://u:" + planted + "@proxy:1'}": "webhook.proxy",
	} {
		_, err := expiry.ParseSettings([]byte(text), "")
		switch {
		case err == nil:
			t.Errorf("%q was taken", text)
		case !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), planted):
			t.Errorf("%q: got %q, want %q in it and nothing that was planted", text, err, want)
		}
	}
}

func TestAWebhookOfThisHostNeedsNoTLS(t *testing.T) {
	for text, want := range map[string]bool{
		"http://127.0.0.1:8080/x": true, "http://[::1]:8080/x": true, "http://localhost/x": true, "https://example.com/x": true,
		"http://127.0.0.1.example.com/": false, "ftp://localhost/": false, "https://": false, "": false,
	} {
		if got := expiry.CheckURL(text) == nil; got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
