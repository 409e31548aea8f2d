package pack

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

const (
	dirty    = "-dirty"
	sbomName = "sbom.cdx.json"
)

// Packer makes a release.
type Packer struct {
	Source  Source
	Targets []Target
	Strict  bool // what this host cannot make is an error
	Work    string
	Out     io.Writer // tells what is made and what is left out
}

// Release makes every package of every target.
func (p Packer) Release(ctx context.Context) ([]File, error) {
	program := filepath.Join(p.Work, host().Program())
	if err := p.Source.Build(ctx, host(), program); err != nil {
		return nil, err
	}
	origin, err := p.Source.askOrigin(ctx, program)
	if err != nil {
		return nil, err
	}
	p.tell("version %s of %s, commit %s", origin.Version, origin.Time.Format("2006-01-02"), origin.Commit)
	documents, err := p.Source.documents(ctx, program)
	if err != nil {
		return nil, err
	}
	var made []File
	for _, target := range p.Targets {
		files, err := p.target(ctx, target, documents, origin)
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			p.tell("%s: %s, %.1f MB", target, f.Name, float64(len(f.Data))/1e6)
		}
		made = append(made, files...)
	}
	return made, nil
}

func (p Packer) target(ctx context.Context, target Target, documents []File, origin Origin) ([]File, error) {
	path := filepath.Join(p.Work, target.OS+"-"+target.Arch)
	if err := p.Source.Build(ctx, target, path); err != nil {
		return nil, err
	}
	program, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", target, err)
	}
	if target.OS == "windows" {
		if program, err = WithResources(program, origin); err != nil {
			return nil, err
		}
	}
	notices, err := p.Source.notices(ctx, info)
	if err != nil {
		return nil, err
	}
	content := append(slices.Clone(documents), File{Name: "NOTICES.txt", Data: notices})
	content = append(content, File{Name: target.Program(), Data: program, Exec: true})
	files, err := archive(target, content, program, origin)
	if err != nil {
		return nil, err
	}
	more, err := p.native(ctx, target, content, origin)
	return append(files, more...), err
}

// archive is the zip or tar.gz of a target with a program, and the SBOM beside it.
func archive(target Target, content []File, program []byte, origin Origin) ([]File, error) {
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return nil, err
	}
	sbom, err := SBOM(program, info, target, origin)
	if err != nil {
		return nil, err
	}
	content = append(without(content, target.Program(), sbomName, sumsName),
		File{Name: target.Program(), Data: program, Exec: true}, File{Name: sbomName, Data: sbom})
	content = append(content, File{Name: sumsName, Data: Sums(content)})
	base := target.Base(origin.Version)
	pack, ending := TarGz, ".tar.gz"
	if target.OS == "windows" {
		pack, ending = Zip, ".zip"
	}
	data, err := pack(base, content, origin.Time)
	if err != nil {
		return nil, err
	}
	return []File{{Name: base + ending, Data: data}, {Name: base + ".cdx.json", Data: sbom}}, nil
}

// native are the packages of a system's own package manager.
func (p Packer) native(ctx context.Context, target Target, content []File, origin Origin) ([]File, error) {
	work := filepath.Join(p.Work, "native-"+target.OS+"-"+target.Arch)
	switch {
	case target.OS == "linux":
		return LinuxPackages(ctx, work, target, content, origin)
	case canMSI(target):
		msi, err := MSI(ctx, work, named(content, target.Program()).Data, origin)
		name := target.Base(origin.Version) + ".msi"
		if errors.Is(err, errNoWixl) && !p.Strict {
			p.tell("%s: left out %s: %v", target, name, err)
			return nil, nil
		}
		return []File{{Name: name, Data: msi}}, err
	}
	return nil, nil
}

func (p Packer) tell(format string, args ...any) {
	_, _ = fmt.Fprintf(p.Out, "dist: "+format+"\n", args...) // nobody is left to be told
}

func named(files []File, name string) File {
	at := slices.IndexFunc(files, func(f File) bool { return f.Name == name })
	if at < 0 {
		return File{Name: name}
	}
	return files[at]
}

func without(files []File, names ...string) []File {
	return slices.DeleteFunc(slices.Clone(files), func(f File) bool { return slices.Contains(names, f.Name) })
}

// Write makes a folder that holds the files and their sums, and nothing else.
func Write(folder string, files []File) error {
	files = append(slices.Clone(files), File{Name: sumsName, Data: Sums(files)})
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // packages are for everybody
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o644); err != nil { //nolint:gosec // as above
			return err
		}
	}
	return nil
}
