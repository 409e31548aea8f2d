package settings_test

import (
	"fmt"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/settings"
)

const good = `version: 1
environment: PROD
identity:
  entra:
    tenantId: contoso.com
    clientId: 11111111-2222-3333-4444-555555555555
    clientSecret: {file: secret.txt}
    confirmations: 2
sync:
  enabled: false
database:
`

func parse(t *testing.T, text string) settings.Answers {
	t.Helper()
	answers, problems := settings.ParseAnswers([]byte(text), "/etc/answers.yaml")
	if len(problems) > 0 {
		t.Fatalf("problems: %+v", problems)
	}
	return answers
}

func TestAnswersAreRead(t *testing.T) {
	answers := parse(t, good)
	for key, want := range map[string]string{
		settings.Environment: "PROD", settings.TenantID: "contoso.com", settings.Confirmations: "2", "sync.enabled": "false",
	} {
		if got := answers.Values[key]; got.Text != want || got.Origin != settings.FromAnswers {
			t.Errorf("%s: got %+v, want %q", key, got, want)
		}
	}
	if got := answers.Secrets[settings.ClientSecret]; got != (settings.Reference{File: filepath.Join("/etc", "secret.txt")}) {
		t.Errorf("got %+v", got)
	}
}

func TestEveryEncodingOfWindowsIsRead(t *testing.T) {
	wide := func(bigEndian bool) []byte {
		out := []byte{0xFF, 0xFE}
		if bigEndian {
			out = []byte{0xFE, 0xFF}
		}
		for _, r := range strings.ReplaceAll(good, "\n", "\r\n") {
			pair := []byte{byte(r), byte(r >> 8)}
			if bigEndian {
				pair[0], pair[1] = pair[1], pair[0]
			}
			out = append(out, pair...)
		}
		return out
	}
	want := parse(t, good)
	for name, text := range map[string][]byte{
		"UTF-8 with a mark": []byte("\uFEFF" + good), "CRLF": []byte(strings.ReplaceAll(good, "\n", "\r\n")),
		"UTF-16 LE": wide(false), "UTF-16 BE": wide(true),
	} {
		got, problems := settings.ParseAnswers(text, "/etc/answers.yaml")
		if len(problems) > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %+v", name, got, problems)
		}
	}
	for name, text := range map[string]string{"Latin-1": "version: 1\nenvironment: \xe4\n", "binary": "\x00\x01", "half a UTF-16": "\xff\xfea"} {
		if _, problems := settings.ParseAnswers([]byte(text), "a"); len(problems) != 1 {
			t.Errorf("%s: got %+v", name, problems)
		}
	}
}

func TestEveryMistakeIsToldInOneRunWithItsPlace(t *testing.T) {
	const bad = `version: 2
environment: a b
environment1: PROD
identity:
  entra:
    tenantId: common
    tenantId: contoso.com
    clientSecret: TST8Q~not-a-real-secret-0000000000000001
    cloud: [public]
    confirmations: several
sync: true
logging:
  leval: Debug
database:
  password: {file: /a, env: B}
`
	_, problems := settings.ParseAnswers([]byte(bad), "a")
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Text))
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		"1:10 version: 1 is wanted", "2:14 environment: letters", "3:1 unknown key environment1; did you mean environment?",
		"6:15 identity.entra.tenantId: the tenant's own ID", "7:5 identity.entra.tenantId is there twice",
		"8:19 identity.entra.clientSecret: a secret is not written here", "{keyring: NAME}", "9:12 identity.entra.cloud: one value",
		"10:20 identity.entra.confirmations: a whole number", "11:7 sync holds further settings",
		"13:3 unknown key logging.leval; did you mean logging.level?", "15:13 database.password: exactly one of",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in:\n%s", want, all)
		}
	}
	if len(problems) != 11 {
		t.Errorf("got %d problems, want 11:\n%s", len(problems), all)
	}
	if strings.Contains(all, "TST8Q~") {
		t.Errorf("a problem quotes the secret:\n%s", all)
	}
}

func TestALinkToTheClientSecretIsReadFromWhereItIs(t *testing.T) {
	answers, problems := settings.ParseAnswers([]byte("version: 1\nidentity: {entra: {clientSecret: {link: {file: link.txt}}}}\n"), filepath.Join("/etc", "a.yaml"))
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	want := settings.Reference{File: filepath.Join("/etc", "link.txt"), Link: true}
	if got := answers.Secrets[settings.ClientSecret]; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	again, problems := settings.ParseAnswers(settings.Save(answers), "a.yaml")
	if got := again.Secrets[settings.ClientSecret]; got != want || len(problems) != 0 {
		t.Errorf("got %+v, %v after it was saved, want %+v", got, problems, want)
	}
}

func TestASecretAtAWrongPlaceIsNotQuoted(t *testing.T) {
	for text, want := range map[string]string{
		marked + ": x":                                                         "unknown key (not shown)",
		"identity: {" + marked + "}":                                           "unknown key (not shown)",
		"identity: {entra: {" + marked + ": 1}}":                               "unknown key (not shown)",
		marked + ": x\n" + marked + ": x":                                      "(not shown) is there twice",
		"database: {server: " + marked + "}":                                   "looks like a client secret",
		"identity: {entra: {tenantId: " + marked:                               "not valid YAML",
		inSecret(marked):                                                       "a secret is not written here",
		inSecret("{" + marked + "}"):                                           "a secret is not written here",
		inSecret("{value: " + marked + "}"):                                    "a secret is not written here",
		inSecret("{env: " + marked + "}"):                                      "a secret is not written here",
		inSecret("{keyring: " + marked + "}"):                                  "a secret is not written here",
		inSecret("{file: " + marked + "}"):                                     "a secret is not written here",
		inSecret("{env: not-a-name}"):                                          "the name of an environment variable",
		inSecret("{stdin: yes}"):                                               "stdin: true is wanted",
		inSecret("{file: a, file: b}"):                                         "exactly one of",
		inSecret("[a]"):                                                        "a secret is not written here",
		inSecret("{link: " + marked + "}"):                                     "a secret is not written here",
		inSecret("{link: {link: {env: A}}}"):                                   "a link to a link is none",
		inSecret("{link: {file: a}, file: b}"):                                 "a secret is not written here",
		inSecret("{file: 'https://one.example/secret/TST8Q0notarealsecret0'}"): "a secret is not written here",
		"database: {password: {link: {file: a}}}":                              "only the client secret comes by a link",
		inSecret("{file: [a]}"):                                                "a secret is not written here",
		"identity: {" + strings.Repeat("x", 5000):                              "",
	} {
		_, problems := settings.ParseAnswers([]byte("version: 1\n"+text+"\n"), "a")
		all := fmt.Sprintf("%+v", problems)
		if len(problems) == 0 || !strings.Contains(all, want) && want != "not valid YAML" {
			t.Errorf("%q: got %s, want %q in it", text, all, want)
		}
		if strings.Contains(all, "TST8Q~") || len(all) > 1000 {
			t.Errorf("%q: quoted in %s", text, all)
		}
	}
}

func inSecret(value string) string { return "identity: {entra: {clientSecret: " + value + "}}" }

func TestBrokenYAMLIsToldWithoutQuotingIt(t *testing.T) {
	for _, text := range []string{"", "- a\n", "version: 1\n  bad: TST8Q~not-a-real\n", "version: 1\n---\nversion: 1\n", "{version: 1", "version: 1\nx: &a *a\n"} {
		_, problems := settings.ParseAnswers([]byte(text), "a")
		if len(problems) == 0 {
			t.Errorf("%q: no problem", text)
		}
		for _, p := range problems {
			if strings.Contains(p.Text, "TST8Q") {
				t.Errorf("%q: quoted in %q", text, p.Text)
			}
		}
	}
}

func TestSavedAnswersReadBackTheSame(t *testing.T) {
	for name, text := range map[string]string{
		"good":    good,
		"quoting": "version: 1\nidentity:\n  entra:\n    clientSecret: {keyring: \"a \\\"b\\\" ü\"}\ndatabase:\n  user: \"it's: #1\"\n  password: {stdin: true}\n",
	} {
		want := parse(t, text)
		saved := settings.Save(want)
		if got := parse(t, string(saved)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v from\n%s", name, got, want, saved)
		}
	}
}

func TestTheExampleLacksOnlyWhatIsRequired(t *testing.T) {
	answers := parse(t, string(settings.Example()))
	if len(answers.Values) != 0 {
		t.Errorf("the example sets %+v", answers.Values)
	}
	got := settings.Missing(answers, settings.ForInstall)
	if want := []string{settings.Environment, settings.TenantID, settings.ClientID}; !reflect.DeepEqual(got, want) {
		t.Errorf("missing: got %q, want %q", got, want)
	}
}

func FuzzParseAnswers(f *testing.F) {
	f.Add([]byte(good))
	f.Add(settings.Example())
	f.Add([]byte("version: 1\nidentity: {entra: {clientSecret: {env: A}}}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		answers, problems := settings.ParseAnswers(text, "/etc/answers.yaml")
		if len(problems) > 0 {
			return
		}
		again, problems := settings.ParseAnswers(settings.Save(answers), "/etc/answers.yaml")
		if len(problems) > 0 || !reflect.DeepEqual(again, answers) {
			t.Errorf("saved and read again: got %+v, %+v, want %+v", again, problems, answers)
		}
	})
}
