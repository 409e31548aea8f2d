package document

import "github.com/empowersuite/backend-installer/installer/document/syntax"

// Opened is a file as Find and Edit see it.
func Opened(src []byte, f Format) (syntax.File, error) { return open(src, f, false) }
