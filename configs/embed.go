// Package configs holds what an administrator starts from: the example answers
// file and the JSON schema of answers files, both generated from the table of
// package settings (make golden writes them), descriptions to adapt, and
// settings of watch.
package configs

import _ "embed"

//go:embed answers.example.yaml
var example []byte

//go:embed answers.schema.json
var schema []byte

//go:embed iis.example.yaml
var iis []byte

//go:embed watch.example.yaml
var watch []byte

// Watch is the file of settings that installer watch init writes.
func Watch() []byte { return watch }

// IIS is the description of a backend that IIS hosts, as installer adopt
// --example iis prints it.
func IIS() []byte { return iis }

// Example is the answers file that installer answers init writes.
func Example() []byte { return example }

// Schema is the JSON schema of answers files.
func Schema() []byte { return schema }
