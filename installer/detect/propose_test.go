package detect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/release"
	"github.com/empowersuite/backend-installer/installer/settings"
)

const (
	hidden  = "TST8Q~not-a-real-secret-0000000000000001"
	hidden2 = "TST8Q~not-a-real-secret-0000000000000002"
	tenant  = "6f0c1f1e-0000-4000-8000-000000000001"
	client  = "11111111-0000-4000-8000-000000000002"
	folder  = "/etc/empower/backend/PROD/"
	program = "/opt/empower/backend"
)

// with puts the values in the place of their names.
func with(text string) string {
	return strings.NewReplacer("SECRET2", hidden2, "SECRET", hidden, "TENANT", tenant, "CLIENTiD", "CLIENTiD", "CLIENT", client).Replace(text)
}

// shape is a way in which configuration is kept. Files are by their names in the
// folder of the configuration, or by their paths.
type shape struct {
	name     string
	files    map[string]string
	env      []string // of the service
	slots    []string // file, setting without its beginning, at
	settings []string
	decide   []string // what the decisions say, in order
	notes    []string // what one of the notes says
}

func shapes() []shape {
	const azure = `"TenantId": "TENANT", "ClientId": "CLIENT"`
	all := []string{
		"appsettings.json clientSecret /AzureAd/ClientSecret", "appsettings.json clientId /AzureAd/ClientId",
		"appsettings.json tenantId /AzureAd/TenantId",
	}
	return []shape{
		{
			name: "appsettings.json of the template", slots: all,
			files: map[string]string{"appsettings.json": "\ufeff{ // c\n\"AzureAd\": {\"Instance\": \"https://login.microsoftonline.com/\", " + azure + ", \"ClientSecret\": \"SECRET\",},}"},
		},
		{
			name:  "names in other cases",
			files: map[string]string{"appsettings.json": `{"azuread": {"tenantid": "TENANT", "CLIENTiD": "CLIENT", "clientSecret": "SECRET"}}`},
			slots: []string{"appsettings.json clientSecret /azuread/clientSecret", "appsettings.json clientId /azuread/CLIENTiD", "appsettings.json tenantId /azuread/tenantid"},
		},
		{
			name: "ClientCredentials of Microsoft.Identity.Web",
			files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientCredentials": [
				{"SourceType": "KeyVault", "KeyVaultUrl": "https://v.vault.azure.net", "ClientSecret": "SECRET2"}, {"SourceType": "ClientSecret", "ClientSecret": "SECRET"}]}}`},
			slots: []string{"appsettings.json clientSecret /AzureAd/ClientCredentials/1/ClientSecret", all[1], all[2]},
			notes: []string{"SourceType beside it says that the secret is taken from elsewhere"},
		},
		{
			name:  "deep within a section of its own name, told by its neighbours",
			files: map[string]string{"backend.json": `{"Empower": {"Login": {"Tenant": "TENANT", "ApplicationId": "CLIENT", "Client_Secret": "SECRET"}}}`},
			slots: []string{"backend.json clientSecret /Empower/Login/Client_Secret", "backend.json clientId /Empower/Login/ApplicationId", "backend.json tenantId /Empower/Login/Tenant"},
		},
		{
			name: "appSettings of web.config",
			files: map[string]string{"web.config": `<configuration><appSettings>
				<add key="ida:ClientId" value="CLIENT"/><add key="ida:ClientSecret" value="SECRET"/><add key="ida:TenantId" value="TENANT"/></appSettings></configuration>`},
			slots: []string{
				`web.config clientSecret /configuration/appSettings/add[@key="ida:ClientSecret"]/@value`,
				`web.config clientId /configuration/appSettings/add[@key="ida:ClientId"]/@value`,
				`web.config tenantId /configuration/appSettings/add[@key="ida:TenantId"]/@value`,
			},
		},
		{
			name: "variables that web.config sets for ASP.NET Core",
			files: map[string]string{
				"web.config": `<configuration><location path="."><system.webServer><aspNetCore processPath="dotnet"><environmentVariables>
				<environmentVariable name="AzureAd__ClientSecret" value="SECRET"/></environmentVariables></aspNetCore></system.webServer></location></configuration>`,
				"appsettings.json": `{"AzureAd": {` + azure + `}}`,
			},
			slots: []string{
				`web.config clientSecret /configuration/location/system.webServer/aspNetCore/environmentVariables/environmentVariable[@name="AzureAd__ClientSecret"]/@value`, all[1], all[2],
			},
		},
		{
			name:   "settings that another file holds",
			files:  map[string]string{"app.config": `<configuration><appSettings file="x.config"><add key="AzureAd:ClientSecret" value="SECRET"/></appSettings></configuration>`},
			decide: []string{"how the client secret is kept: sure: AzureAd:ClientSecret, in a section of Entra ID; it cannot be changed in place: 1:29: values of the file"},
		},
		{
			name:  "elements and attributes of a file of its own",
			files: map[string]string{"app.config": `<configuration><entraId clientSecret="SECRET" clientId="CLIENT" tenantId="TENANT"/></configuration>`},
			slots: []string{"app.config clientSecret /configuration/entraId/@clientSecret", "app.config clientId /configuration/entraId/@clientId", "app.config tenantId /configuration/entraId/@tenantId"},
		},
		{
			name:  ".env",
			files: map[string]string{".env": "AzureAd__TenantId=TENANT\nAzureAd__ClientId=CLIENT\nAzureAd__ClientSecret=SECRET\n"},
			slots: []string{".env clientSecret AzureAd__ClientSecret", ".env clientId AzureAd__ClientId", ".env tenantId AzureAd__TenantId"},
		},
		{
			name:  "YAML",
			files: map[string]string{"backend.yaml": "azureAd:\n  tenantId: TENANT\n  clientId: CLIENT\n  clientSecret: SECRET\n"},
			slots: []string{"backend.yaml clientSecret /azureAd/clientSecret", "backend.yaml clientId /azureAd/clientId", "backend.yaml tenantId /azureAd/tenantId"},
		},
		{
			name: "IDs in one file, the secret in another",
			files: map[string]string{
				"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": ""}}`, "appsettings.Production.json": `{"AzureAd": {"ClientSecret": "SECRET"}}`,
			},
			slots: []string{"appsettings.Production.json clientSecret /AzureAd/ClientSecret", all[1], all[2]},
			notes: []string{"not taken in " + folder + "appsettings.json: sure: AzureAd:ClientSecret, in a section of Entra ID (line 1, column 134); it holds no secret now"},
		},
		{
			name:  "the same secret in two sections",
			files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}, "Graph": {` + azure + `, "ClientSecret": "SECRET"}}`},
			slots: []string{
				all[0], "appsettings.json clientSecret /Graph/ClientSecret", all[1], all[2],
				"appsettings.json clientId /Graph/ClientId", "appsettings.json tenantId /Graph/TenantId",
			},
			notes: []string{"the same client secret is in 2 places, which are changed together"},
		},
		{
			name:   "two secrets",
			files:  map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}, "Graph": {` + azure + `, "ClientSecret": "SECRET2"}}`},
			decide: []string{"which of these is the client secret that the backend uses"},
		},
		{
			name: "a file that comes before another one",
			files: map[string]string{
				"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}}`, "appsettings.Production.json": `{"AzureAd": {"ClientSecret": "SECRET2"}}`,
			},
			decide: []string{"which of these is the client secret that the backend uses"},
		},
		{
			name: "client IDs that differ",
			files: map[string]string{
				"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}}`, "appsettings.PROD.json": `{"AzureAd": {"ClientId": "22222222-0000-4000-8000-000000000002"}}`,
			},
			slots:  []string{all[0], all[2]},
			decide: []string{"which of these holds for the backend: they differ"},
		},
		{
			name: "none", files: map[string]string{"appsettings.json": `{"Logging": {"Level": "Information"}}`},
			decide: []string{"where the client secret is kept: no key holds one now; nothing in the configuration is called ClientSecret"},
		},
		{
			name: "only a variable of the service", files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": ""}}`},
			env:    []string{"AzureAd__ClientSecret"},
			decide: []string{"where the client secret comes from: the service empower sets AzureAd__ClientSecret by a variable of its environment"},
		},
		{
			name: "a variable of the service besides the file", files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}}`},
			env:    []string{"AzureAd__ClientSecret", "Okta__ClientSecret"},
			decide: []string{"where the client secret comes from: the service empower sets AzureAd__ClientSecret by a variable"},
		},
		{
			name: "a variable in the unit file", env: []string{"AzureAd__ClientSecret"},
			files: map[string]string{
				"/etc/systemd/system/empower.service": "[Service]\nExecStart=/bin/x\nEnvironment=AzureAd__ClientSecret=SECRET\n",
				"appsettings.json":                    `{"AzureAd": {` + azure + `}}`,
			},
			slots: []string{"/etc/systemd/system/empower.service clientSecret Service/Environment/AzureAd__ClientSecret", all[1], all[2]},
		},
		{
			name: "a reference to Key Vault", files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "@Microsoft.KeyVault(SecretUri=https://hidden.vault.azure.net/secrets/s)"}}`},
			decide: []string{"where the client secret is kept: no key holds one now"},
			notes:  []string{"it holds a reference to Azure Key Vault, which this program cannot change: change the secret in the vault"},
		},
		{
			name: "a key that is there twice", files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET", "clientSecret": "SECRET"}}`},
			decide: []string{"how the client secret is kept: sure: AzureAd:ClientSecret, in a section of Entra ID; it cannot be changed in place: 1:194: /AzureAd/ClientSecret is there twice"},
		},
		{
			name: "a file that is no JSON", files: map[string]string{"appsettings.json": "{\"AzureAd\": {\"ClientId\": \"x\"\n\"ClientSecret\": \"SECRET\"}}"},
			decide: []string{folder + "appsettings.json names a client secret and was not understood: 2:1: a comma is missing", "where the client secret is kept"},
		},
		{
			name: "another provider's", files: map[string]string{"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}, "Okta": {"ClientSecret": "SECRET2"}, "Mail": {"ClientSecret": "SECRET2"}}`},
			slots: all, notes: []string{"not taken in " + folder + "appsettings.json: of another provider: Okta:ClientSecret", "possible: Mail:ClientSecret, nothing tells what it is for"},
		},
		{
			name: "only another provider's", files: map[string]string{"appsettings.json": `{"Authentication": {"Google": {"ClientId": "x", "ClientSecret": "SECRET"}}}`},
			decide: []string{"where the client secret is kept: no key holds one now"},
			notes:  []string{"of another provider: Authentication:Google:ClientSecret"},
		},
		{
			name: "a secret that belongs to nobody known", files: map[string]string{"appsettings.json": `{"Mail": {"ClientSecret": "SECRET"}}`},
			decide: []string{"where the client secret is kept: no key is surely that of it"},
		},
		{
			name:     "Authority in place of a tenant, of another cloud",
			files:    map[string]string{"appsettings.json": `{"Authentication": {"Authority": "https://login.microsoftonline.us/TENANT/v2.0", "ClientId": "CLIENT", "ClientSecret": "SECRET"}}`},
			slots:    []string{"appsettings.json clientSecret /Authentication/ClientSecret", "appsettings.json clientId /Authentication/ClientId"},
			settings: []string{settings.EntraCloud + "=usgov", settings.TenantID + "=" + tenant},
		},
		{
			name: "a sign-in host of their own", slots: append(slices.Clone(all), "appsettings.json authority /AzureAd/Instance"),
			files: map[string]string{"appsettings.json": `{"AzureAd": {"Instance": "https://login.sovcloud-identity.de/", ` + azure + `, "ClientSecret": "SECRET"}}`},
		},
		{
			name: "no tenant of its own", files: map[string]string{"appsettings.json": `{"AzureAd": {"TenantId": "common", "ClientId": "CLIENT", "ClientSecret": "SECRET"}}`},
			slots: all[:2], decide: []string{"Tenant: the Directory (tenant) ID, or a verified domain of the tenant; nothing beside the client secret gives it"},
			notes: []string{"AzureAd:TenantId in " + folder + "appsettings.json is not taken: the tenant's own ID"},
		},
		{
			name: "defaults in the program's folder", slots: all,
			files: map[string]string{
				"appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}}`, program + "/root/appsettings.json": `{"AzureAd": {"ClientSecret": "SECRET2"}}`,
			},
			notes: []string{"it is taken for a default, because the configuration folder has one"},
		},
		{
			name: "only in the program's folder", files: map[string]string{program + "/root/appsettings.json": `{"AzureAd": {` + azure + `, "ClientSecret": "SECRET"}}`},
			slots: []string{program + "/root/appsettings.json clientSecret /AzureAd/ClientSecret", program + "/root/appsettings.json clientId /AzureAd/ClientId", program + "/root/appsettings.json tenantId /AzureAd/TenantId"},
		},
	}
}

// environment has one service, which nothing is to be said of.
func environment(s shape) detect.Environment {
	e := detect.Environment{
		Name: "PROD", Folder: folder, Programs: []string{program},
		Services: []detect.Running{{Name: "empower", Manager: "systemd", Exec: [][]string{{program + "/root/backend"}}, Env: s.env}},
	}
	var names []string
	for name := range s.files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		source := detect.Source{Path: name, Data: []byte(with(s.files[name]))}
		switch {
		case strings.HasPrefix(name, program):
			source.Origin = detect.Program
		case strings.HasPrefix(name, "/"):
			source.Origin = detect.Definition
		default:
			source.Path = folder + name
		}
		source.Format, _ = document.FormatOf(name)
		e.Sources = append(e.Sources, source)
	}
	return e
}

func TestEveryShapeOfConfigurationIsTold(t *testing.T) {
	for _, s := range shapes() {
		t.Run(s.name, func(t *testing.T) {
			p := detect.Propose(environment(s))
			var slots, given []string
			for _, f := range p.Files {
				for _, slot := range f.Slots {
					slots = append(slots, strings.TrimPrefix(f.Path, folder)+" "+strings.TrimPrefix(slot.Setting, "identity.entra.")+" "+slot.At)
				}
			}
			for _, setting := range p.Settings {
				if setting.Key != settings.Hosting {
					given = append(given, setting.Key+"="+setting.Text)
				}
			}
			same(t, "slots", slots, s.slots)
			same(t, "settings", given, s.settings)
			wantLines(t, "decisions", decided(p), s.decide)
			if p.Complete() != (len(s.decide) == 0) {
				t.Errorf("complete is %v", p.Complete())
			}
			for _, want := range s.notes {
				if !strings.Contains(strings.Join(p.Notes, "\n"), want) {
					t.Errorf("no note says %q:\n%s", want, strings.Join(p.Notes, "\n"))
				}
			}
			wantText(t, p)
		})
	}
}

func decided(p detect.Proposal) []string {
	var all []string
	for _, d := range p.Decisions {
		all = append(all, d.What)
	}
	return all
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Clone(got), slices.Clone(want)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func wantLines(t *testing.T, what string, got, beginnings []string) {
	t.Helper()
	if len(got) != len(beginnings) {
		t.Errorf("%s: got %q, want %q", what, got, beginnings)
		return
	}
	for i, want := range beginnings {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("%s: got %q, want %q", what, got[i], want)
		}
	}
}

// wantText: the text is the description that was proposed, and holds no secret.
func wantText(t *testing.T, p detect.Proposal) {
	t.Helper()
	text := string(p.Text())
	for _, value := range []string{hidden, hidden2, "hidden.vault"} {
		if strings.Contains(text, value) {
			t.Errorf("the text holds %s:\n%s", value, text)
		}
	}
	if len(p.Files) == 0 || p.Environment == "" {
		if _, err := release.ParseInstallation([]byte(text), settings.Known); err == nil {
			t.Errorf("it can be registered, and nothing is decided:\n%s", text)
		}
		return
	}
	got, err := release.ParseInstallation([]byte(text), settings.Known)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	wanted, err := release.Encode(p.Installation())
	if err != nil {
		t.Fatal(err)
	}
	want, err := release.ParseInstallation(wanted, settings.Known)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := encoded(t, got), encoded(t, want); a != b {
		t.Errorf("read back as\n%s\nwant\n%s", a, b)
	}
}

func encoded(t *testing.T, in release.Installation) string {
	t.Helper()
	text, err := release.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
