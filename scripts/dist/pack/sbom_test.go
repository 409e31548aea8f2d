package pack_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/jsonschema-go/jsonschema"

	"github.com/empowersuite/backend-installer/scripts/dist/pack"
)

func someBuild() *debug.BuildInfo {
	return &debug.BuildInfo{
		GoVersion: "go1.26.8", Main: debug.Module{Path: "github.com/empowersuite/backend-installer", Version: "v0.0.0"},
		Deps: []*debug.Module{
			{Path: "github.com/BurntSushi/toml", Version: "v1.6.0", Sum: "h1:abc="},
			{Path: "example.com/old", Version: "v1.0.0", Replace: &debug.Module{Path: "example.com/new", Version: "v2.0.0+incompatible", Sum: "h1:def="}},
		},
	}
}

func TestTheSBOMNamesTheProgramAndEveryModule(t *testing.T) {
	program := []byte("program")
	text, err := pack.SBOM(program, someBuild(), pack.Target{OS: "linux", Arch: "arm64"}, someOrigin())
	if err != nil {
		t.Fatal(err)
	}
	bom := new(cdx.BOM)
	if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(bom); err != nil {
		t.Fatal(err)
	}
	if bom.SerialNumber != "" || bom.SpecVersion != cdx.SpecVersion1_6 || bom.Metadata.Timestamp != "2026-11-26T09:30:14Z" {
		t.Errorf("got serial number %q, version %v, time %q", bom.SerialNumber, bom.SpecVersion, bom.Metadata.Timestamp)
	}
	self := bom.Metadata.Component
	if want := fmt.Sprintf("%x", sha256.Sum256(program)); self.Version != "9.7.0" || (*self.Hashes)[0].Value != want {
		t.Errorf("got %s with %v, want %s", self.Version, *self.Hashes, want)
	}
	var got []string
	for _, c := range *bom.Components {
		got = append(got, c.PackageURL)
	}
	want := "pkg:golang/std@1.26.8 pkg:golang/github.com/burntsushi/toml@v1.6.0 pkg:golang/example.com/new@v2.0.0%2Bincompatible"
	if strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if deps := (*bom.Dependencies)[0]; deps.Ref != self.BOMRef || len(*deps.Dependencies) != len(got) {
		t.Errorf("got dependencies %+v", deps)
	}
}

func TestTheSBOMIsTheSameEachTime(t *testing.T) {
	make1 := func() []byte {
		text, err := pack.SBOM([]byte("program"), someBuild(), pack.Target{OS: "linux", Arch: "arm64"}, someOrigin())
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if first, second := make1(), make1(); !bytes.Equal(first, second) {
		t.Errorf("got\n%s\nand\n%s", first, second)
	}
}

func TestAModuleWithoutALicenceIsNotHandedOn(t *testing.T) {
	folder := t.TempDir()
	if text, err := pack.Notice("example.com/a v1.0.0", folder); err == nil {
		t.Errorf("got %q, want an error", text)
	}
	for name, text := range map[string]string{"LICENSE.txt": "You may.\r\n", "main.go": "package a", "NOTICE": "By A."} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := pack.Notice("example.com/a v1.0.0", folder)
	want := "\n---- example.com/a v1.0.0: LICENSE.txt\n\nYou may.\n\n---- example.com/a v1.0.0: NOTICE\n\nBy A.\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

// schemas is the folder of CycloneDX's own schemas.
func schemas(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "schema")
}

func TestTheSBOMFollowsTheSchemaOfCycloneDX(t *testing.T) {
	text, err := pack.SBOM([]byte("program"), someBuild(), pack.Target{OS: "linux", Arch: "arm64"}, someOrigin())
	if err != nil {
		t.Fatal(err)
	}
	checkSBOM(t, text)
	if err := followsSchema(t, bytes.Replace(text, []byte(`"SHA-256"`), []byte(`"SHA-257"`), 1)); err == nil {
		t.Error("the schema takes a hash that does not exist")
	}
}

func checkSBOM(t *testing.T, text []byte) {
	t.Helper()
	if err := followsSchema(t, text); err != nil {
		t.Errorf("the SBOM does not follow the schema: %v", err)
	}
}

func followsSchema(t *testing.T, text []byte) error {
	t.Helper()
	schema := readSchema(t, "bom-1.6.schema.json")
	resolved, err := schema.Resolve(&jsonschema.ResolveOptions{
		BaseURI: "http://cyclonedx.org/schema/bom-1.6.schema.json",
		Loader: func(uri *url.URL) (*jsonschema.Schema, error) {
			name := path.Base(uri.Path)
			return readSchema(t, strings.Replace(name, "jsf-0.82.schema.json", "jsf-0.82.schemax.json", 1)), nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return resolved.Validate(value)
}

func readSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(schemas(t), name))
	if err != nil {
		t.Fatal(err)
	}
	schema := new(jsonschema.Schema)
	if err := json.Unmarshal(text, schema); err != nil {
		t.Fatal(err)
	}
	return schema
}
