// Package render turns the templates of a release into texts.
//
// Templates are Go's text/template. No secret passes through them: the places of
// secrets are rendered empty and filled by package document. A name that is not
// there, and a setting that does not exist, is an error with template and line.
//
//	{{ .Env }}                 name of the environment
//	{{ .Version }}             version of the release
//	{{ .User }} {{ .Group }}   account of the services; "" where it is the installing one
//	{{ .Paths.Config }}        Program, Release, Current, Config, Data, Logs, Temp, State
//	{{ .FingerprintKey }}      path of the key of fingerprints
//	{{ setting "services.listen" }}
//	{{ json "text" }}          a text as a JSON string, quotes included
package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"
)

// View is what a template can name.
type View struct {
	Env            string
	Version        string
	User           string
	Group          string
	Paths          any // a struct of paths
	FingerprintKey string
	Setting        func(key string) (text string, ok bool) // never a secret
}

// errSetting says that a template names a setting that does not exist or is a
// secret.
var errSetting = errors.New("no such setting, or a secret, which templates never get")

// Text renders one template.
func Text(name, text string, view View) (string, error) {
	parsed, err := template.New(name).Option("missingkey=error").Funcs(template.FuncMap{
		"json": quote,
		"setting": func(key string) (string, error) {
			value, ok := view.Setting(key)
			if !ok {
				return "", fmt.Errorf("setting %q: %w", key, errSetting)
			}
			return value, nil
		},
	}).Parse(text)
	if err != nil {
		return "", fmt.Errorf("template %q: %w", name, err)
	}
	var out strings.Builder
	if err := parsed.Execute(&out, view); err != nil {
		return "", fmt.Errorf("template %q: %w", name, err)
	}
	return out.String(), nil
}

// quote leaves <, > and & as they are: a person reads the text, no browser.
func quote(text string) (string, error) {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(text)
	return strings.TrimSuffix(out.String(), "\n"), err
}
