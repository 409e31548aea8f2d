package pack

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/tc-hib/winres"
	"github.com/tc-hib/winres/version"
)

const (
	vendor  = "empower"
	product = "empower Backend installer"
)

// WithResources puts the version resource and the manifest into a Windows
// program.
//
// The manifest asks for no elevation: the program explains what it lacks and
// works without where it can. Its presence also keeps Windows from taking a
// program named "installer" for one that has to be elevated. No UTF-8 code page
// is set: Go calls Windows in UTF-16 only, and libraries that it loads would be
// given another code page than everywhere else on the host.
func WithResources(program []byte, origin Origin) ([]byte, error) {
	info, err := versionInfo(origin)
	if err != nil {
		return nil, err
	}
	set := &winres.ResourceSet{}
	set.SetVersionInfo(info)
	set.SetManifest(winres.AppManifest{
		Description:    product,
		Compatibility:  winres.Win10AndAbove, // Windows Server 2016 is Windows 10 to this list
		ExecutionLevel: winres.AsInvoker,
		LongPathAware:  true,
	})
	var out bytes.Buffer
	if err := set.WriteToEXE(&out, bytes.NewReader(program), winres.ForceCheckSum()); err != nil {
		return nil, fmt.Errorf("put resources into the program: %w", err)
	}
	return out.Bytes(), nil
}

func versionInfo(origin Origin) (version.Info, error) {
	info := version.Info{Type: version.App}
	var errs []error
	for key, value := range map[string]string{
		version.CompanyName:      vendor,
		version.FileDescription:  product,
		version.InternalName:     "installer",
		version.LegalCopyright:   fmt.Sprintf("Copyright © %d %s", origin.Time.Year(), vendor),
		version.OriginalFilename: "installer.exe",
		version.ProductName:      product,
		version.Comments:         "commit " + origin.Commit,
	} {
		errs = append(errs, info.Set(version.LangDefault, key, value))
	}
	info.SetFileVersion(origin.Version)
	info.SetProductVersion(origin.Version)
	info.Flags.PrivateBuild = origin.Dirty
	if origin.Dirty {
		errs = append(errs, info.Set(version.LangDefault, version.PrivateBuild, "files were changed since the commit"))
	}
	return info, errors.Join(errs...)
}
