package pack

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/goreleaser/nfpm/v2"
	"github.com/goreleaser/nfpm/v2/deb"
	"github.com/goreleaser/nfpm/v2/files"
	"github.com/goreleaser/nfpm/v2/rpm"
)

// linuxName is not "installer", which others may call a package of theirs. The
// program is /usr/bin/installer all the same, as every text calls it: dpkg and
// rpm refuse to overwrite another package's.
const linuxName = "empower-backend-installer"

// LinuxPackages are the deb and the rpm of a target, with the files of its
// archive. Folder is empty and takes what the library reads.
func LinuxPackages(ctx context.Context, folder string, target Target, content []File, origin Origin) ([]File, error) {
	var made []File
	for _, kind := range []struct {
		packager nfpm.Packager
		zsh      string
	}{
		{deb.Default, "/usr/share/zsh/vendor-completions"},
		{rpm.DefaultRPM, "/usr/share/zsh/site-functions"},
	} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		info, err := linuxInfo(folder, target, content, origin, kind.zsh)
		if err != nil {
			return nil, err
		}
		info = nfpm.WithDefaults(info)
		var out bytes.Buffer
		if err := kind.packager.Package(info, &out); err != nil {
			return nil, fmt.Errorf("pack %s: %w", kind.packager.ConventionalFileName(info), err)
		}
		made = append(made, File{Name: kind.packager.ConventionalFileName(info), Data: out.Bytes()})
	}
	return made, nil
}

func linuxInfo(folder string, target Target, content []File, origin Origin, zsh string) (*nfpm.Info, error) {
	info := &nfpm.Info{
		Name: linuxName, Arch: target.Arch, Platform: "linux", Version: origin.Version, Release: "1",
		Section: "admin", Priority: "optional", Maintainer: vendor, Vendor: vendor, MTime: origin.Time,
		Description: "installs and configures a self-hosted empower Backend\n" +
			"It renders the backend's configuration, brings its services up, and\n" +
			"replaces an expired Microsoft Entra client secret: proven, written,\n" +
			"restarted, or put back.",
	}
	info.Recommends = []string{"ca-certificates"} // Entra ID is asked over TLS
	info.RPM.Summary = "Installs and configures a self-hosted empower Backend"
	info.RPM.BuildHost = "localhost"
	for _, f := range content {
		where := linuxPlace(f.Name, zsh)
		if where == "" {
			continue
		}
		source, err := stage(folder, f)
		if err != nil {
			return nil, err
		}
		info.Contents = append(info.Contents, &files.Content{
			Source: source, Destination: where,
			FileInfo: &files.ContentFileInfo{Mode: f.Mode(), Owner: "root", Group: "root", MTime: origin.Time},
		})
	}
	return info, nil
}

// linuxPlace is where a file of the archive belongs, "" for what has no place.
func linuxPlace(name, zsh string) string {
	switch name {
	case "installer":
		return "/usr/bin/installer"
	case completions()["bash"]:
		return "/usr/share/bash-completion/completions/installer"
	case completions()["zsh"]:
		return zsh + "/_installer"
	case completions()["fish"]:
		return "/usr/share/fish/vendor_completions.d/installer.fish"
	case completions()["powershell"], sumsName:
		return ""
	case "NOTICES.txt":
		name = "copyright" // where Debian looks for it
	}
	return "/usr/share/doc/" + linuxName + "/" + name
}

// stage writes a file for a tool that takes files only.
func stage(folder string, f File) (string, error) {
	path := filepath.Join(folder, filepath.FromSlash(f.Name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, f.Data, 0o600)
}
