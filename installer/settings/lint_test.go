package settings_test

import (
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/secret"
	"github.com/empowersuite/backend-installer/installer/settings"
)

const marked = "TST8Q~not-a-real-secret-0000000000000001"

func TestSecretsThatCannotBeOnesAreRefusedWithoutQuotingThem(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "empty",
		" \r\n":                                "empty",
		"6f0c1f1e-0000-4000-8000-000000000001": "Secret ID",
		`"` + marked + `"`:                     "quotes",
		"'" + marked + "'":                     "quotes",
		"first line\nsecond line":              "more than one line",
		"TST8Q~not a real secret at all":       "blank inside",
		"TST":                                  "3 characters",
		"TST******************":                "masked",
		"••••••••••••••••": "masked",
		"<client-secret>":                       "placeholder",
		"${CLIENT_SECRET}":                      "placeholder",
		"{{ .Secret }}":                         "placeholder",
		"your-client-secret-value":              "placeholder",
		"changeme":                              "placeholder",
		"xxxxxxxxxxxxxxxxxxxx":                  "placeholder",
		"@Microsoft.KeyVault(SecretUri=https:)": "placeholder",
		"TST8Q~nöt-a-real-secret-000000000001":  "characters that no client secret has",
		strings.Repeat("Aa0~", 17):              "68 characters",
	} {
		_, _, err := settings.LintSecret(secret.New(text), false)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q in it", text, err, want)
		}
		if err != nil && len(text) > 8 && strings.Contains(err.Error(), text) {
			t.Errorf("%q is quoted: %v", text, err)
		}
	}
}

func TestSecretsThatMayBeOnesPass(t *testing.T) {
	for text, want := range map[string]struct{ clean, note string }{
		marked:                             {marked, "checksum"},
		marked + "\n":                      {marked, "checksum"},
		marked + "\r\n":                    {marked, "checksum"},
		"  " + marked + "\t":               {marked, "blanks around"},
		marked[:35]:                        {marked[:35], "35 characters"},
		"[6gyXA5S20@MN+WRXAJ]I-TO7g1:h2P8": {"[6gyXA5S20@MN+WRXAJ]I-TO7g1:h2P8", ""},
		"zzz8Q~" + strings.Repeat("z", 31) + "blP": {"zzz8Q~" + strings.Repeat("z", 31) + "blP", ""},
		"zzz8Q~" + strings.Repeat("z", 31) + "blQ": {"zzz8Q~" + strings.Repeat("z", 31) + "blQ", "checksum"},
	} {
		clean, notes, err := settings.LintSecret(secret.New(text), false)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if clean.Reveal() != want.clean {
			t.Errorf("%q: got another value", text)
		}
		all := strings.Join(notes, "; ")
		if want.note == "" && all != "" || !strings.Contains(all, want.note) {
			t.Errorf("%q: notes %q, want %q", text, all, want.note)
		}
	}
}

func TestAGUIDPassesWhereItIsAllowed(t *testing.T) {
	if _, _, err := settings.LintSecret(secret.New("6f0c1f1e-0000-4000-8000-000000000001"), true); err != nil {
		t.Error(err)
	}
}

func FuzzLintSecret(f *testing.F) {
	for _, seed := range []string{marked, "", "\"", "'", "a", "[", "•", "\xff", " \u200b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean, _, err := settings.LintSecret(secret.New(text), false)
		if err != nil {
			return
		}
		again, _, err := settings.LintSecret(clean, false)
		if err != nil || !again.Equal(clean) {
			t.Errorf("a clean secret is not clean: %v", err)
		}
	})
}

func TestWhatIsNotFilledInIsAPlaceholder(t *testing.T) {
	for text, want := range map[string]bool{
		"<client secret>": true, "@Microsoft.KeyVault(SecretUri=https://v/secrets/s)": true, "${SECRET}": true, "changeme": true, "xxxxxxxx": true,
		"": false, " ": false, "of-last-year": false, "TST8Q~not-a-real-secret-0000000000000001": false,
	} {
		if got := settings.IsPlaceholder(secret.New(text)); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
