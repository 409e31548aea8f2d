package settings

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/yamltree"
)

// Version is the version of answers files.
const Version = 1

// fourWays is what is said where a secret stands in an answers file.
const fourWays = "a secret is not written here: refer to it with {file: PATH}, {env: NAME}, {stdin: true} or {keyring: NAME}"

// ParseAnswers reads an answers file and tells every mistake in it. A relative
// path of a secret's file is taken from the folder of the file that is named.
func ParseAnswers(data []byte, name string) (Answers, []Problem) {
	p := parser{
		answers: Answers{Values: map[string]Value{}, Secrets: map[string]Reference{}},
		folder:  filepath.Dir(name),
	}
	text, err := DecodeText(data)
	if err != nil {
		return p.answers, []Problem{{Text: err.Error()}}
	}
	root, err := yamltree.Root(text)
	if err != nil {
		return p.answers, []Problem{syntax(err)}
	}
	if root.Kind != yamltree.Mapping {
		return p.answers, []Problem{{Line: root.Line, Column: root.Column, Text: "settings as key: value are wanted"}}
	}
	p.version(root)
	p.branch(root, "")
	return p.answers, p.problems
}

func syntax(err error) Problem {
	var e *yamltree.Error
	if errors.As(err, &e) {
		return Problem{Line: e.Line, Column: e.Column, Text: e.Reason}
	}
	return Problem{Text: "not valid YAML"}
}

type parser struct {
	answers  Answers
	problems []Problem
	folder   string
}

func (p *parser) problem(node *yamltree.Node, key, text string) {
	p.problems = append(p.problems, Problem{Line: node.Line, Column: node.Column, Key: key, Text: text})
}

func (p *parser) version(root *yamltree.Node) {
	for i := 0; i+1 < len(root.Content); i += 2 {
		if root.Content[i].Value != "version" {
			continue
		}
		if root.Content[i+1].Value != strconv.Itoa(Version) {
			p.problem(root.Content[i+1], "version", fmt.Sprintf("version: %d is wanted", Version))
		}
		return
	}
	p.problem(root, "version", fmt.Sprintf("the line version: %d is missing", Version))
}

// branch reads a mapping whose keys continue a prefix.
func (p *parser) branch(node *yamltree.Node, prefix string) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		name, value := node.Content[i], node.Content[i+1]
		if value.Kind == yamltree.Alias {
			value = value.Alias
		}
		key := prefix + name.Value
		switch {
		case seen[name.Value]:
			p.problem(name, nameable(key), nameable(key)+" is there twice")
		case key == "version":
		default:
			p.entry(name, value, key)
		}
		seen[name.Value] = true
	}
}

func (p *parser) entry(name, value *yamltree.Node, key string) {
	setting, isLeaf := Find(key)
	empty := value.Kind == yamltree.Scalar && value.ShortTag() == "!!null"
	switch {
	case !isLeaf && !isBranch(key):
		p.problem(name, nameable(key), "unknown key "+nameable(key)+suggestion(key))
	case empty:
	case isLeaf && setting.Kind == Secret:
		p.secret(value, key)
	case isLeaf:
		p.leaf(value, setting)
	case value.Kind == yamltree.Mapping:
		p.branch(value, key+".")
	default:
		p.problem(value, key, key+" holds further settings: key: value is wanted below it")
	}
}

func (p *parser) leaf(value *yamltree.Node, s Setting) {
	if value.Kind != yamltree.Scalar {
		p.problem(value, s.Key, s.Key+": one value is wanted")
		return
	}
	if value.Value == "" {
		return
	}
	if err := s.Validate(value.Value); err != nil {
		p.problem(value, s.Key, s.Key+": "+err.Error())
		return
	}
	p.answers.Values[s.Key] = Value{Text: value.Value, Origin: FromAnswers}
}

func (p *parser) secret(value *yamltree.Node, key string) {
	if r, ok := p.reference(value, key); ok {
		p.answers.Secrets[key] = r
	}
}

// reference reads where a secret is, or a link to it.
func (p *parser) reference(value *yamltree.Node, key string) (r Reference, ok bool) {
	if value.Kind != yamltree.Mapping {
		p.problem(value, key, key+": "+fourWays)
		return r, false
	}
	if place, linked := linkIn(value); linked {
		if key != ClientSecret {
			p.problem(place, key, key+": only the client secret comes by a link")
			return r, false
		}
		if _, again := linkIn(place); again {
			p.problem(place, key, key+": a link to a link is none")
			return r, false
		}
		r, ok = p.reference(place, key)
		r.Link = true
		return r, ok
	}
	ways := 0
	for i := 0; i+1 < len(value.Content); i += 2 {
		name, given := value.Content[i], value.Content[i+1]
		if given.Kind != yamltree.Scalar || given.Value == "" || looksSecret(given.Value) || strings.Contains(given.Value, "://") {
			p.problem(given, key, key+": "+fourWays)
			return r, false
		}
		ways++
		if wrong := p.way(&r, name.Value, given.Value); wrong != "" {
			p.problem(given, key, key+": "+wrong)
			return r, false
		}
	}
	if ways != 1 {
		p.problem(value, key, key+": exactly one of file, env, stdin and keyring is wanted")
		return r, false
	}
	return r, true
}

// linkIn is what {link: ...} holds, where that is all.
func linkIn(value *yamltree.Node) (place *yamltree.Node, linked bool) {
	if value.Kind == yamltree.Mapping && len(value.Content) == 2 && value.Content[0].Value == "link" {
		return value.Content[1], true
	}
	return nil, false
}

// way puts one way into a reference, or says what is wrong with it.
func (p *parser) way(r *Reference, name, given string) (wrong string) {
	switch {
	case name == "file":
		r.File = p.absolute(given)
	case name == "env" && !matches(`^[A-Za-z_][A-Za-z0-9_]*$`, given):
		return "the name of an environment variable is wanted"
	case name == "env":
		r.Env = given
	case name == "keyring":
		r.Keyring = given
	case name == "stdin" && given != "true":
		return "stdin: true is wanted"
	case name == "stdin":
		r.Stdin = true
	default:
		return fourWays
	}
	return ""
}

func (p *parser) absolute(path string) string {
	if filepath.IsAbs(path) || isPath(filepath.ToSlash(path)) { // \secret.txt is of the drive, not of the folder
		return path
	}
	return filepath.Join(p.folder, path)
}

// isBranch reports whether settings continue a key.
func isBranch(key string) bool {
	for _, s := range All() {
		if strings.HasPrefix(s.Key, key+".") {
			return true
		}
	}
	return false
}

// suggestion names the setting that a wrong key was probably meant to be.
func suggestion(key string) string {
	best, least := "", 4 // more changes than three are no typing mistake
	last := key[strings.LastIndexByte(key, '.')+1:]
	for _, s := range All() {
		if strings.EqualFold(s.Key[strings.LastIndexByte(s.Key, '.')+1:], last) {
			return "; did you mean " + s.Key + "?"
		}
		if d := distance(strings.ToLower(key), strings.ToLower(s.Key)); d < least {
			best, least = s.Key, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// distance is the Levenshtein distance, bounded by the length of short texts.
func distance(a, b string) int {
	if len(a) > 128 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// ParseSet reads key=value. Secrets are refused: a command line is seen by
// every account of the host.
func ParseSet(assignment string) (key, text string, err error) {
	key, text, found := strings.Cut(assignment, "=")
	if !found {
		return "", "", errors.New("--set wants key=value")
	}
	s, ok := Find(key)
	switch {
	case !ok:
		return "", "", fmt.Errorf("unknown setting %s%s", nameable(key), suggestion(key))
	case s.Kind == Secret:
		return "", "", fmt.Errorf("%s is a secret and a command line is no place for one: give a file, stdin, the environment or the credential store, and consider a secret that was typed here known", key)
	}
	if err := s.Validate(text); err != nil {
		return "", "", fmt.Errorf("%s: %w", key, err)
	}
	return key, text, nil
}

// nameable is a key as a message can show it: what stands at the place of a
// wrong key may be anything, a secret too.
func nameable(key string) string {
	if !matches(`^[A-Za-z][A-Za-z0-9_-]{0,23}(\.[A-Za-z][A-Za-z0-9_-]{0,23}){0,7}$`, key) {
		return "(not shown)"
	}
	return key
}
