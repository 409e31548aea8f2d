// Package configs holds what an administrator starts from: the example answers
// file and the JSON schema of answers files. Both are generated from the table
// of package settings; make golden writes them.
package configs

import _ "embed"

//go:embed answers.example.yaml
var example []byte

//go:embed answers.schema.json
var schema []byte

// Example is the answers file that installer answers init writes.
func Example() []byte { return example }

// Schema is the JSON schema of answers files.
func Schema() []byte { return schema }
