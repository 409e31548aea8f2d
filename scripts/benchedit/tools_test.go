//go:build unix && bench

package benchedit_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
	"github.com/empowersuite/backend-installer/installer/document/syntax"
)

// value is what every tool writes. It has the form of a client secret and is
// none, so that it may stand in an argument vector.
const value = "TST8Q~not-a-real-secret-0000000000000002"

// job is one value of one file.
type job struct {
	file   string // a copy that the tool may write
	format document.Format
	at     string
	tokens []string // of at, where it is a pointer or section/key
}

func (j job) key() string { return j.tokens[len(j.tokens)-1] }

// tool makes the shell command that does a job; "" where the tool has no way to
// say it. The command finds the value in $V and the file in $F.
type tool struct {
	name    string
	program string
	command func(j job) string
}

func tools() []tool {
	return []tool{
		{"installer", "", installerCommand},
		{"yq", "yq", yqCommand},
		{"jq", "jq", jqCommand},
		{"dasel", "dasel", daselCommand},
		{"augtool", "augtool", augtoolCommand},
		{"crudini", "crudini", crudiniCommand},
		{"sops", "sops", sopsCommand},
		{"sed", "sed", sedCommand},
	}
}

// rewrite runs a filter over the file.
func rewrite(filter string) string { return filter + ` <"$F" >"$F.out" && mv "$F.out" "$F"` }

func installerCommand(j job) string {
	return `printf %s "$V" | "$INSTALLER" edit "$F" --format ` + string(j.format) + ` --at ` + shell(j.at) + ` --value-stdin >/dev/null`
}

func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func isIndex(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// path is a pointer as jq, yq and sops have it.
func (j job) path(quote string) string {
	var b strings.Builder
	for _, t := range j.tokens {
		if isIndex(t) {
			b.WriteString("[" + t + "]")
			continue
		}
		b.WriteString(strings.ReplaceAll(quote, "@", strconv.Quote(t)))
	}
	return b.String()
}

func jqCommand(j job) string {
	if j.format != document.JSON && j.format != document.JSONC {
		return ""
	}
	return rewrite(`jq --arg v "$V" ` + shell("."+strings.TrimPrefix(j.path("[@]"), ".")+" = $v"))
}

func yqCommand(j job) string {
	format := map[document.Format]string{
		document.JSON: "json", document.JSONC: "json", document.YAML: "yaml", document.Kubernetes: "yaml",
		document.TOML: "toml", document.INI: "ini", document.Properties: "props",
	}[j.format]
	if format == "" || strings.Contains(j.at, "#") {
		return ""
	}
	v := "strenv(V)"
	if strings.HasPrefix(j.at, "/data/") {
		v += " | @base64"
	}
	return "yq -i -p " + format + " -o " + format + " " + shell("."+strings.TrimPrefix(j.path("[@]"), ".")+" = ("+v+")") + ` "$F"`
}

func daselCommand(j job) string {
	format := map[document.Format]string{
		document.JSON: "json", document.JSONC: "json", document.YAML: "yaml", document.TOML: "toml", document.INI: "ini",
	}[j.format]
	if format == "" {
		return ""
	}
	path := ""
	for _, t := range j.tokens {
		switch {
		case isIndex(t):
			path += "[" + t + "]"
		case regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(t):
			path += "." + t
		default:
			path += "[" + strconv.Quote(t) + "]"
		}
	}
	return rewrite("dasel -i " + format + " -o " + format + " --root " + shell(strings.TrimPrefix(path, ".")+` = "`+value+`"`))
}

func augtoolCommand(j job) string {
	var lens, path string
	switch j.format {
	case document.JSON, document.JSONC:
		lens = "Json"
		for _, t := range j.tokens {
			if isIndex(t) {
				path += "/array/*[" + t + "+1]"
				continue
			}
			path += "/dict/entry[.='" + t + "']"
		}
		path += "/string"
	case document.INI:
		lens, path = "Puppet", "/"+j.tokens[0]+"/"+j.key()
	case document.Properties:
		lens, path = "Properties", "/"+j.key()
	case document.Env, document.SystemdEnv:
		lens, path = "Shellvars", "/"+j.key()
	case document.TOML:
		lens, path = "Toml", "/table[.='"+j.tokens[0]+"']/entry[.='"+j.key()+"']/string"
	case "systemd-unit":
		lens, path = "Systemd", "/"+strings.Join(j.tokens[:len(j.tokens)-1], "/")+"/value"
	default:
		return ""
	}
	return `printf 'set "/files%s%s" "%s"\nsave\n' "$F" ` + shell(path) + ` "$V" | augtool --noautoload --transform "` + lens + `.lns incl $F" | grep -q Saved`
}

func crudiniCommand(j job) string {
	if j.format != document.INI {
		return ""
	}
	return `crudini --set "$F" ` + shell(j.tokens[0]) + " " + shell(j.key()) + ` "$V"`
}

func sopsCommand(j job) string {
	format := map[document.Format]string{document.JSON: "json", document.JSONC: "json", document.YAML: "yaml", document.INI: "ini", document.Env: "dotenv"}[j.format]
	if format == "" {
		return ""
	}
	types := " --input-type " + format + " --output-type " + format
	return `sops encrypt --age "$SOPS_AGE_RECIPIENT"` + types + ` --in-place "$F" && ` +
		`sops set` + types + ` "$F" ` + shell(j.path("[@]")) + " " + shell(strconv.Quote(value)) + ` && ` +
		`sops decrypt` + types + ` --in-place "$F"`
}

// sedCommand is what people type.
func sedCommand(j job) string {
	key := regexp.QuoteMeta(j.key())
	var script string
	switch j.format {
	case document.JSON, document.JSONC:
		script = `s|("` + key + `"[ \t]*:[ \t]*")[^"]*"|\1` + value + `"|`
	case document.YAML, document.Kubernetes:
		script = `s|^([ \t]*` + key + `:[ \t]*).*|\1` + value + `|`
	case document.TOML:
		script = `s|^([ \t]*` + key + `[ \t]*=[ \t]*).*|\1"` + value + `"|`
	case document.XML:
		script = `s|(key="` + key + `" value=")[^"]*"|\1` + value + `"|`
	default:
		script = `s|^([ \t]*` + key + `[ \t]*[:=][ \t]*).*|\1` + value + `|`
	}
	return "sed -i -E " + shell(script) + ` "$F"`
}

// tokensOf splits an address as the tools need it.
func tokensOf(f document.Format, at string) []string {
	if f == document.XML {
		if m := regexp.MustCompile(`@key=["']([^"']+)`).FindStringSubmatch(at); m != nil {
			return []string{m[1]}
		}
	}
	if !strings.HasPrefix(at, "/") {
		return strings.Split(at, "/")
	}
	tokens, err := syntax.ParsePointer(at)
	if err != nil || len(tokens) == 0 {
		return []string{at}
	}
	return tokens
}

// environment is what commands get; sops has a key of this run.
func (b *bench) environment(file string) []string {
	return []string{
		"PATH=" + b.tools + string(filepath.ListSeparator) + os.Getenv("PATH"), "HOME=" + b.folder, "LC_ALL=C.UTF-8",
		"V=" + value, "F=" + file, "INSTALLER=" + b.installer,
		"SOPS_AGE_KEY=" + b.ageKey, "SOPS_AGE_RECIPIENT=" + b.ageRecipient,
	}
}

// has reports whether a tool is there.
func (b *bench) has(t tool) bool {
	if t.program == "" {
		return true
	}
	if _, err := os.Stat(filepath.Join(b.tools, t.program)); err == nil {
		return true
	}
	_, err := exec.LookPath(t.program)
	return err == nil
}
