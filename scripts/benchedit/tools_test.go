//go:build unix && bench

package benchedit_test

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/document"
)

// value is what every tool writes. It has the form of a client secret and is
// none, so that it may stand in an argument vector.
const value = "TST8Q~not-a-real-secret-0000000000000002"

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
	return `printf %s "$V" | "$INSTALLER" edit "$F" --format ` + string(j.Format) + ` --at ` + shell(j.at) + ` --value-stdin >/dev/null`
}

func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func isIndex(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

// path is a pointer as jq, yq and sops have it.
func (j job) path(quote string) string {
	var b strings.Builder
	for _, t := range j.Tokens {
		if isIndex(t) {
			b.WriteString("[" + t + "]")
			continue
		}
		b.WriteString(strings.ReplaceAll(quote, "@", strconv.Quote(t)))
	}
	return b.String()
}

func jqCommand(j job) string {
	if j.Format != document.JSON && j.Format != document.JSONC {
		return ""
	}
	return rewrite(`jq --arg v "$V" ` + shell("."+strings.TrimPrefix(j.path("[@]"), ".")+" = $v"))
}

func yqCommand(j job) string {
	format := map[document.Format]string{
		document.JSON: "json", document.JSONC: "json", document.YAML: "yaml", document.Kubernetes: "yaml",
		document.TOML: "toml", document.INI: "ini", document.Properties: "props",
	}[j.Format]
	if format == "" || j.Inner != nil {
		return ""
	}
	v := "strenv(V)"
	if strings.HasPrefix(j.At, "/data/") && j.Format == document.Kubernetes {
		v += " | @base64"
	}
	place := "." + j.path("[@]")
	if j.Object != "" {
		place = "(select(.metadata.name == " + strconv.Quote(path.Base(j.Object)) + ") | " + place + ")"
	}
	return "yq -i -p " + format + " -o " + format + " " + shell(place+" = ("+v+")") + ` "$F"`
}

func daselCommand(j job) string {
	format := map[document.Format]string{
		document.JSON: "json", document.JSONC: "json", document.YAML: "yaml", document.TOML: "toml", document.INI: "ini",
	}[j.Format]
	if format == "" {
		return ""
	}
	path := ""
	for _, t := range j.Tokens {
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
	switch j.Format {
	case document.JSON, document.JSONC:
		lens = "Json"
		for _, t := range j.Tokens {
			if isIndex(t) {
				path += "/array/*[" + t + "+1]"
				continue
			}
			path += "/dict/entry[.='" + t + "']"
		}
		path += "/string"
	case document.INI:
		lens, path = "Puppet", "/"+j.Tokens[0]+"/"+j.key()
	case document.Properties:
		lens, path = "Properties", "/"+j.key()
	case document.Env, document.SystemdEnv:
		lens, path = "Shellvars", "/"+j.key()
	case document.TOML:
		lens, path = "Toml", "/table[.='"+j.Tokens[0]+"']/entry[.='"+j.key()+"']/string"
	case "systemd-unit":
		lens, path = "Systemd", "/"+strings.Join(j.Tokens[:len(j.Tokens)-1], "/")+"/value"
	default:
		return ""
	}
	return `printf 'set "/files%s%s" "%s"\nsave\n' "$F" ` + shell(path) + ` "$V" | augtool --noautoload --transform "` + lens + `.lns incl $F" | grep -q Saved`
}

func crudiniCommand(j job) string {
	if j.Format != document.INI {
		return ""
	}
	return `crudini --set "$F" ` + shell(j.Tokens[0]) + " " + shell(j.key()) + ` "$V"`
}

func sopsCommand(j job) string {
	format := map[document.Format]string{document.JSON: "json", document.JSONC: "json", document.YAML: "yaml", document.INI: "ini", document.Env: "dotenv"}[j.Format]
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
	switch j.Format {
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
