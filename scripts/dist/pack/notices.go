package pack

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

var licenseFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice|patents)([.-].*)?$`)

// notices are the licences of Go and of every module in the program, which ask
// to be handed on with it.
func (s Source) notices(ctx context.Context, info *debug.BuildInfo) ([]byte, error) {
	root, err := s.run(ctx, s.environ(), "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "What %s is made of, beside its own code.\n", product)
	folders, err := s.moduleFolders(ctx, info)
	if err != nil {
		return nil, err
	}
	folders[""] = strings.TrimSpace(string(root))
	for _, module := range slices.Concat([]*debug.Module{{Version: info.GoVersion}}, info.Deps) {
		used := replaced(module)
		text, err := Notice(strings.TrimSpace(used.Path+" "+used.Version), folders[module.Path])
		if err != nil {
			return nil, err
		}
		out.Write(text)
	}
	return out.Bytes(), nil
}

func (s Source) moduleFolders(ctx context.Context, info *debug.BuildInfo) (map[string]string, error) {
	args := []string{"list", "-m", "-f", "{{.Path}}\t{{.Dir}}"}
	for _, module := range info.Deps {
		args = append(args, module.Path)
	}
	text, err := s.run(ctx, s.environ(), "go", args...)
	if err != nil {
		return nil, fmt.Errorf("find the modules: %w", err)
	}
	folders := map[string]string{}
	for line := range strings.Lines(string(text)) {
		path, dir, _ := strings.Cut(strings.TrimRight(line, "\r\n"), "\t")
		folders[path] = dir
	}
	return folders, nil
}

// Notice is what the licence files in a folder say. It fails where there are
// none: nobody may hand that on.
func Notice(name, folder string) ([]byte, error) {
	if folder == "" {
		return nil, fmt.Errorf("the module %s is not in the cache", name)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, entry := range entries {
		if entry.IsDir() || !licenseFile.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
		fmt.Fprintf(&out, "\n---- %s: %s\n\n%s\n", name, entry.Name(), bytes.TrimRight(text, "\n"))
	}
	if out.Len() == 0 {
		return nil, fmt.Errorf("%s has no licence in %s", name, folder)
	}
	return out.Bytes(), nil
}

func replaced(module *debug.Module) *debug.Module {
	if module.Replace != nil {
		return module.Replace
	}
	return module
}
