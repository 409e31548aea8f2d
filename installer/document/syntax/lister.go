package syntax

import "slices"

// ListedDepth is the nesting of which Values tells; .NET itself stops at 64.
const ListedDepth = 64

// Lister is a File that can tell what is in it.
type Lister interface {
	// Values are those of the file in its order, each with a Path that Find takes,
	// or refuses for a reason of the value's own, and its Text: of a number, true
	// and the like as it is written. What is nested deeper than ListedDepth is left
	// out. Only Path and Text are sure to be set.
	Values() ([]Value, error)
}

// Values implements Lister. What is no value and only holds some is left out.
func (l *Listed) Values() ([]Value, error) {
	return slices.DeleteFunc(slices.Clone(l.values), func(v Value) bool {
		return v.Text == "" && v.Refusal != nil && v.Refusal.Kind == NotString
	}), nil
}
