package svc

// For the tests of decisions that need no service manager.

// StateOf reads a unit's properties.
func StateOf(p map[string]any, name string) State { return properties(p).state(name) }

// What the tests of this package ask besides.
var (
	UnitName   = unitName
	Translate  = translate
	Refused    = refused
	SinceBoot  = sinceBoot
	BootTimeIn = bootTimeIn
)
