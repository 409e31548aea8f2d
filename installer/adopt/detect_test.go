package adopt_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/adopt"
	"github.com/empowersuite/backend-installer/installer/detect"
	"github.com/empowersuite/backend-installer/installer/fault"
	"github.com/empowersuite/backend-installer/installer/session"
	"github.com/empowersuite/backend-installer/installer/site"
	"github.com/empowersuite/backend-installer/installer/svc"
)

const entra = `{"AzureAd": {"TenantId": "contoso.com", "ClientId": "11111111-0000-4000-8000-000000000002", "ClientSecret": "of-last-year"}}`

type services []svc.Listed

func (s services) List(context.Context) ([]svc.Listed, error) { return s, nil }

type broken struct{}

func (broken) List(context.Context) ([]svc.Listed, error) { return nil, errors.New("the bus is gone") }

// tree makes files below a folder, with slashes in their names.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	prefix := t.TempDir()
	for name, text := range files {
		path := filepath.Join(prefix, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return prefix
}

func look(t *testing.T, prefix string, lister svc.Lister) ([]detect.Proposal, error) {
	t.Helper()
	deps := session.Deps{Store: site.Store{Root: filepath.Join(prefix, "state")}, Services: lister}
	return adopt.Detect(t.Context(), deps, adopt.Search{Prefix: prefix})
}

func one(t *testing.T, files map[string]string, lister svc.Lister) detect.Proposal {
	t.Helper()
	found, err := look(t, tree(t, files), lister)
	if err != nil || len(found) != 1 {
		t.Fatalf("got %d proposals, %v", len(found), err)
	}
	return found[0]
}

func wantNote(t *testing.T, p detect.Proposal, want string) {
	t.Helper()
	if !slices.ContainsFunc(p.Notes, func(note string) bool { return strings.Contains(filepath.ToSlash(note), want) }) {
		t.Errorf("no note says %q: %q", want, p.Notes)
	}
}

func TestOnlyConfigurationIsReadAndThatWithinBounds(t *testing.T) {
	const config = "ProgramData/empower/backend/PROD/root/"
	files := map[string]string{
		config + "sub/appsettings.json":     entra,
		config + "a/b/c/d/e/deep.json":      entra,
		config + "big.json":                 `{"ClientSecret": "` + strings.Repeat("x", 1<<20) + `"}`,
		config + "Backend.deps.json":        `{"AzureAd": {"ClientSecret": "no configuration"}}`,
		config + ".hidden.json":             `{"AzureAd": {"ClientSecret": "no configuration"}}`,
		config + "state.db":                 "AzureAd ClientSecret",
		config + "empowerenv.json":          `{"AzureAd": {"ClientSecret": "no configuration"}}`,
		"ProgramData/empower/backend/x.txt": "",
	}
	p := one(t, files, nil)
	if len(p.Files) != 1 || !strings.HasSuffix(filepath.ToSlash(p.Files[0].Path), config+"sub/appsettings.json") {
		t.Errorf("got %+v", p.Files)
	}
	wantNote(t, p, config+"a/b/c/d lies deeper than is looked at")
	wantNote(t, p, "big.json")
}

func TestALinkToAFolderIsNotFollowed(t *testing.T) {
	prefix := tree(t, map[string]string{"etc/empower/backend/PROD/appsettings.json": entra})
	if err := os.Symlink("..", filepath.Join(prefix, "etc/empower/backend/PROD/again")); err != nil {
		t.Skipf("links cannot be made here: %v", err)
	}
	found, err := look(t, prefix, nil)
	if err != nil || len(found) != 1 || len(found[0].Files) != 1 {
		t.Errorf("got %+v, %v", found, err)
	}
}

func TestMoreFilesThanAreLookedAtAreTold(t *testing.T) {
	files := map[string]string{"opt/empower/backend/x": ""}
	for i := range 501 {
		files[fmt.Sprintf("etc/empower/backend/PROD/%03d.json", i)] = "{}"
	}
	wantNote(t, one(t, files, nil), "/etc/empower/backend/PROD than is looked at")
}

func TestServicesThatCannotBeListedAreToBeDecided(t *testing.T) {
	files := map[string]string{"etc/empower/backend/PROD/appsettings.json": entra}
	for want, lister := range map[string]svc.Lister{"the bus is gone": broken{}, "no service manager that can list them runs here": nil} {
		p := one(t, files, lister)
		if len(p.Decisions) != 1 || !strings.Contains(p.Decisions[0].What, want) {
			t.Errorf("got %+v, want %q", p.Decisions, want)
		}
	}
}

// What defines a service of this environment is looked at, too; that of others is not.
func TestAServicesOwnFilesAreLookedAt(t *testing.T) {
	prefix := tree(t, map[string]string{
		"etc/empower/backend/PROD/appsettings.json": strings.Replace(entra, "of-last-year", "", 1),
		"opt/empower/backend/b":                     "",
		"units/mine.env":                            "AzureAd__ClientSecret=of-this-year\n",
		"units/others.env":                          "AzureAd__ClientSecret=of-others\n",
	})
	found, err := look(t, prefix, services{
		{Name: "mine.service", Manager: "systemd", Exec: [][]string{{filepath.Join(prefix, "opt/empower/backend/b")}}, EnvFiles: []string{filepath.Join(prefix, "units/mine.env")}},
		{Name: "others.service", Manager: "systemd", Exec: [][]string{{filepath.Join(prefix, "opt/b")}}, EnvFiles: []string{filepath.Join(prefix, "units/others.env")}},
	})
	if err != nil || len(found) != 1 {
		t.Fatalf("got %+v, %v", found, err)
	}
	if p := found[0]; !p.Complete() || p.Files[0].Path != filepath.Join(prefix, "units/mine.env") || p.Files[0].Format != "systemd-env" || len(p.Services) != 1 {
		t.Errorf("got %+v", p.Part)
	}
}

func TestAnEnvironmentIsFoundWhereTheVendorsOwnFileSays(t *testing.T) {
	files := map[string]string{
		"Program Files/empower/backend/root/empowerenv.json": `{"environments": [{"name": "FAR", "path": "D:\\data\\far"}, {"name": "GONE", "path": "D:\\gone"}]}`,
		"data/far/root/appsettings.json":                     entra,
	}
	p := one(t, files, nil)
	if p.Environment != "FAR" || len(p.Files) != 1 {
		t.Errorf("got %+v", p)
	}
	wantNote(t, p, "its folder is the one that empowerenv.json names")
	wantNote(t, p, "empowerenv.json names an environment GONE, for which there is no folder")
}

func TestTheOldPathsAreSearchedAndANameThatIsTakenIsToBeDecided(t *testing.T) {
	found, err := look(t, tree(t, map[string]string{
		"ProgramData/empower/backend/PROD/root/appsettings.json":                entra,
		"ProgramData/Made in Office/empower backend/PROD/root/appsettings.json": entra,
	}), nil)
	if err != nil || len(found) != 2 || found[0].Environment != "PROD" || found[1].Environment != "" || found[1].Decisions[0].Key != "environment" {
		t.Fatalf("got %+v, %v", found, err)
	}
	wantNote(t, found[1], "is this one still in use?")
	wantNote(t, found[1], "its folders are those of before the product's new name")
}

func TestAFileOfTheVendorThatIsTornIsToldAndEndsNothing(t *testing.T) {
	p := one(t, map[string]string{
		"Program Files/empower/backend/root/empowerenv.json":     "{\"a\": 1\n\"b\": 2}",
		"ProgramData/empower/backend/PROD/root/appsettings.json": entra,
	}, nil)
	wantNote(t, p, "empowerenv.json:2:1: a comma is missing")
}

func TestWhatCannotBeReadIsNoProposalWithoutIt(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("this account reads everything")
	}
	prefix := tree(t, map[string]string{"etc/empower/backend/PROD/appsettings.json": entra})
	if err := os.Chmod(filepath.Join(prefix, "etc/empower/backend/PROD"), 0); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.Chmod(filepath.Join(prefix, "etc/empower/backend/PROD"), 0o700) }()
	if _, err := look(t, prefix, nil); fault.Of(err).Code != fault.NotElevated {
		t.Errorf("got %v", err)
	}
}
