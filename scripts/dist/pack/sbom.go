package pack

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// SBOM lists what is in a program, from what Go stamped into it, as CycloneDX.
// It has no serial number and the time of the commit, so that it is the same
// each time. Licences are in NOTICES.txt.
func SBOM(program []byte, info *debug.BuildInfo, target Target, origin Origin) ([]byte, error) {
	self := cdx.Component{
		BOMRef: "installer", Type: cdx.ComponentTypeApplication, Name: "installer", Version: origin.Version,
		Description: product, Publisher: vendor,
		PackageURL: purl(info.Main.Path, "v"+origin.Version),
		Hashes:     &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: fmt.Sprintf("%x", sha256.Sum256(program))}},
		Properties: &[]cdx.Property{
			{Name: "installer:commit", Value: origin.Commit},
			{Name: "installer:dirty", Value: fmt.Sprint(origin.Dirty)},
			{Name: "installer:target", Value: target.String()},
		},
	}
	goVersion := strings.TrimPrefix(info.GoVersion, "go")
	components := []cdx.Component{library("std", goVersion, "pkg:golang/std@"+goVersion)}
	for _, module := range info.Deps {
		module = replaced(module)
		component := library(module.Path, module.Version, purl(module.Path, module.Version))
		component.Properties = &[]cdx.Property{{Name: "go:sum", Value: module.Sum}}
		components = append(components, component)
	}
	refs := make([]string, 0, len(components))
	for _, c := range components {
		refs = append(refs, c.BOMRef)
	}
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Timestamp: origin.Time.Format(time.RFC3339), Component: &self}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: self.BOMRef, Dependencies: &refs}}

	var out bytes.Buffer
	encoder := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true)
	if err := encoder.EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return nil, fmt.Errorf("write the SBOM: %w", err)
	}
	return out.Bytes(), nil
}

func library(name, version, purl string) cdx.Component {
	return cdx.Component{
		BOMRef: purl, Type: cdx.ComponentTypeLibrary, Name: name, Version: version,
		Scope: cdx.ScopeRequired, PackageURL: purl,
	}
}

// purl is in lower case, as the type golang asks for.
func purl(path, version string) string {
	return "pkg:golang/" + strings.ToLower(path) + "@" + url.QueryEscape(version)
}
