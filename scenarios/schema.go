package scenarios

import (
	_ "embed"
	"slices"
)

// SchemaURL is where editors find the schema of the language.
const SchemaURL = "https://raw.githubusercontent.com/vsee-mock/vsee-mock/main/scenarios/schema.json"

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema of the language. It is made of the types of this package: see its test.
func Schema() []byte { return slices.Clone(schema) }
