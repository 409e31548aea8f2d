package backend_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/cmd/reference-backend/backend"
	"github.com/empowersuite/backend-installer/installer/secret"
)

const plain = `{"AzureAd":{"TenantId":"t","ClientId":"c","ClientSecret":"` + goodSecret + `"}}`

func load(t *testing.T, text string, env ...string) (backend.Config, error) {
	t.Helper()
	return backend.Load(write(t, filepath.Join(t.TempDir(), "appsettings.json"), text), env)
}

func TestLoadReadsWhatDotNetReads(t *testing.T) {
	for name, text := range map[string]string{
		"plain":          plain,
		"byte order":     "\ufeff" + plain,
		"comments":       "// top\n" + strings.Replace(plain, `"ClientId"`, `/* here */ "ClientId"`, 1),
		"trailing comma": strings.Replace(plain, "}}", ",},}", 1),
		"other case":     strings.ReplaceAll(strings.ReplaceAll(plain, "AzureAd", "AZUREAD"), "ClientSecret", "clientsecret"),
		"joined keys":    `{"AzureAd:TenantId":"t","AzureAd:ClientId":"c","AzureAd:ClientSecret":"` + goodSecret + `"}`,
		"other sections": strings.Replace(plain, "{", `{"Logging":{"LogLevel":{"Default":null}},"AllowedHosts":["*",1,true],`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			c, err := load(t, text)
			if err != nil {
				t.Fatal(err)
			}
			if !c.Secret.Equal(secret.New(goodSecret)) {
				t.Error("the secret is another one")
			}
			if got, want := c.TokenURL, "https://login.microsoftonline.com/t/oauth2/v2.0/token"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got, want := c.Listen, "127.0.0.1:5080"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got, want := c.Every, 30*time.Second; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestLoadLetsLaterSourcesShadowEarlierOnes(t *testing.T) {
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "appsettings.json"), plain)
	write(t, filepath.Join(dir, "appsettings.Production.json"), `{"AzureAd":{"ClientSecret":"production"}}`)
	write(t, filepath.Join(dir, "appsettings.Test.json"), `{"azuread":{"clientsecret":"test"}}`)
	for _, c := range []struct {
		want string
		env  []string
	}{
		{"production", nil},
		{"test", []string{"DOTNET_ENVIRONMENT=Test"}},
		{"production", []string{"ASPNETCORE_ENVIRONMENT=Production", "DOTNET_ENVIRONMENT=Test"}},
		{goodSecret, []string{"DOTNET_ENVIRONMENT=Absent"}},
		{"from=env", []string{"AzureAd__ClientSecret=from=env"}},
		{"from env", []string{"DOTNET_ENVIRONMENT=Test", "AZUREAD__CLIENTSECRET=from env"}},
	} {
		got, err := backend.Load(file, c.env)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Secret.Equal(secret.New(c.want)) {
			t.Errorf("environment %q: the secret is not %q", c.env, c.want)
		}
	}
}

func TestLoadUnderstandsTheEndpointsOfKestrel(t *testing.T) {
	for text, want := range map[string]string{
		"http://127.0.0.1:5080": "127.0.0.1:5080",
		"http://localhost:81/":  "localhost:81",
		"http://*:5080":         ":5080",
		"http://+:5080":         ":5080",
		"http://[::1]:5080":     "[::1]:5080",
	} {
		c, err := load(t, plain, "Kestrel__Endpoints__Http__Url="+text)
		if err != nil {
			t.Fatal(err)
		}
		if c.Listen != want {
			t.Errorf("%s: got %q, want %q", text, c.Listen, want)
		}
	}
}

func TestLoadNamesEveryMistake(t *testing.T) {
	_, err := load(t, `{"Diagnostics": {"Fault": "burn", "SignInEverySeconds": 0, "CABundle": "/absent/ca", "Proxy": "here"},
		"AzureAd": {"Instance": "http://login.example/"}, "Kestrel": {"Endpoints": {"Http": {"Url": "https://x:1"}}}}`)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"Diagnostics:Fault", "Diagnostics:SignInEverySeconds", "Diagnostics:CABundle", "Diagnostics:Proxy",
		"AzureAd:TenantId: missing", "AzureAd:ClientId: missing", "AzureAd:ClientSecret: missing", "Kestrel:Endpoints:Http:Url",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want it to name %q", err, want)
		}
	}
	if _, err := load(t, plain, "AzureAd__Instance=http://login.example/"); err == nil || !strings.Contains(err.Error(), "AzureAd:Instance: not an https URL") {
		t.Errorf("got %v, want a refusal of plain http", err)
	}
}

func TestLoadRefusesAFileWithoutQuotingIt(t *testing.T) {
	for name, text := range map[string]string{
		"broken":    strings.Replace(plain, `"}}`, `}}`, 1),
		"no comma":  strings.Replace(plain, `,"ClientSecret"`, ` "ClientSecret"`, 1),
		"twice":     strings.Replace(plain, `"ClientSecret"`, `"clientSecret":"`+badSecret+`","ClientSecret"`, 1),
		"an array":  "[" + plain + "]",
		"empty":     "",
		"too large": plain + strings.Repeat(" ", 1<<20),
	} {
		_, err := load(t, text)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if strings.Contains(err.Error(), "not-a-real-secret") {
			t.Errorf("%s: the error quotes the secret", name)
		}
		if !strings.Contains(err.Error(), "appsettings.json") {
			t.Errorf("%s: got %q, want it to name the file", name, err)
		}
	}
}

func TestLoadRefusesAKeyFileThatIsNone(t *testing.T) {
	key := write(t, filepath.Join(t.TempDir(), "key"), "0123\n")
	if _, err := load(t, plain, "Diagnostics__FingerprintKeyFile="+key); err == nil || !strings.Contains(err.Error(), "FingerprintKeyFile") {
		t.Errorf("got %v, want an error that names the setting", err)
	}
}
