package pack

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const sumsName = "SHA256SUMS"

// completions are the scripts of each shell, as the program prints them.
func completions() map[string]string {
	return map[string]string{
		"bash":       "completion/installer.bash",
		"zsh":        "completion/_installer",
		"fish":       "completion/installer.fish",
		"powershell": "completion/installer.ps1",
	}
}

// documents are the files that are the same for every target. The program is
// one that runs here.
func (s Source) documents(ctx context.Context, program string) ([]File, error) {
	var files []File
	for name, from := range map[string]string{
		"README.md":            "README.md",
		"answers.example.yaml": "configs/answers.example.yaml",
		"answers.schema.json":  "configs/answers.schema.json",
	} {
		data, err := os.ReadFile(filepath.Join(s.Top, from))
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Data: data})
	}
	for shell, name := range completions() {
		data, err := s.run(ctx, s.Environ, program, "completion", shell)
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: name, Data: data})
	}
	changes, err := Changelog(os.DirFS(filepath.Join(s.Top, ".github")))
	if err != nil {
		return nil, err
	}
	if len(changes) > 0 {
		files = append(files, File{Name: "CHANGELOG.md", Data: changes})
	}
	license, err := os.ReadFile(filepath.Join(s.Top, ".github", "LICENSE"))
	switch {
	case err == nil:
		files = append(files, File{Name: "LICENSE", Data: license})
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	return files, nil
}

// Changelog joins changes/*.md, the newest first; it is empty where there are
// none.
func Changelog(folder fs.FS) ([]byte, error) {
	names, err := fs.Glob(folder, "changes/*.md")
	if err != nil || len(names) == 0 {
		return nil, err
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(b, a) })
	var out bytes.Buffer
	out.WriteString("# Changes\n")
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		heading, rest, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
		fmt.Fprintf(&out, "\n#%s\n%s\n", heading, strings.TrimRight(rest, "\n"))
	}
	return out.Bytes(), nil
}
