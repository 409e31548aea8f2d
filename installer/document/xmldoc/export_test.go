package xmldoc

import "github.com/empowersuite/backend-installer/installer/document/syntax"

// OpenShowing is Open with a second parser that is shown another body.
func OpenShowing(show func(body []byte) []byte) func(src []byte) (syntax.File, error) {
	return func(src []byte) (syntax.File, error) {
		return open(src, func(_ charset, body []byte) []byte { return show(body) })
	}
}
