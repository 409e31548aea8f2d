package document

// FormatOf names the format.
func FormatOf(path string) (Format, bool) { panic("contract") }

// Find finds the value of a slot.
func Find(src []byte, f Format, s Slot) (Match, error) { panic("contract") }

// Edit puts values in slots: all changes or none.
func Edit(src []byte, f Format, changes []Change) ([]byte, error) { panic("contract") }
