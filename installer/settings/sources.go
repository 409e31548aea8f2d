package settings

import (
	"strings"

	"github.com/spf13/viper"
)

// FromEnvironment is what the environment variables of the table give. A
// variable that gives a secret becomes a reference to it; a value that is not
// valid is kept, and refused where values are checked.
func FromEnvironment(getenv func(name string) string) Answers {
	a := Answers{Values: map[string]Value{}, Secrets: map[string]Reference{}}
	for _, s := range All() {
		if s.Env == "" {
			continue
		}
		text := getenv(s.Env)
		switch {
		case text == "":
		case s.Kind == Secret:
			a.Secrets[s.Key] = Reference{Env: s.Env}
		default:
			a.Values[s.Key] = Value{Text: text, Origin: FromEnv}
		}
	}
	return a
}

// Merge joins layers; where two give the same key, the later one wins.
func Merge(layers ...Answers) Answers {
	v := viper.NewWithOptions(viper.KeyDelimiter("::"))
	for _, layer := range layers {
		given := map[string]any{}
		for key, value := range layer.Values {
			given[key] = value
		}
		for key, reference := range layer.Secrets {
			given[key] = reference
		}
		if err := v.MergeConfigMap(given); err != nil {
			panic(err) // viper 1.21 returns none
		}
	}
	merged := Answers{Values: map[string]Value{}, Secrets: map[string]Reference{}}
	for _, s := range All() { // viper's own keys are in lower case
		switch given := v.Get(s.Key).(type) {
		case Value:
			merged.Values[s.Key] = given
		case Reference:
			merged.Secrets[s.Key] = given
		}
	}
	return merged
}

// Scope says for what settings are needed.
type Scope string

// ForInstall needs everything that is required.
const ForInstall Scope = "install"

// Missing lists the required keys that have neither a value nor a reference.
func Missing(a Answers, scope Scope) []string {
	var keys []string
	for _, s := range All() {
		_, referred := a.Secrets[s.Key]
		if scope == ForInstall && s.Required && !referred && strings.TrimSpace(a.Values[s.Key].Text) == "" {
			keys = append(keys, s.Key)
		}
	}
	return keys
}
