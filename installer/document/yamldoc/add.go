package yamldoc

import "github.com/empowersuite/backend-installer/installer/document/syntax"

// Add implements syntax.File.
func (y *file) Add(at, _ string) (syntax.Edit, error) {
	return syntax.Edit{}, &syntax.Error{Kind: syntax.Unsupported, Reason: "nothing can be added to a YAML file: " + at}
}
