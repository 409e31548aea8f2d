package syntax

// What holds a value prints its place only.

// String is the path.
func (v Value) String() string { return v.Path }

// String is the path.
func (f Fact) String() string { return f.Path }

// String is the path.
func (e Edit) String() string { return e.Old.Path }

// String says nothing of the text.
func (s Splice) String() string { return "a splice" }
