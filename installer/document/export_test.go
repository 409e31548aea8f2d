package document

// Span is where the text of a slot lies in the file.
func Span(src []byte, f Format, s Slot) (start, end int, err error) {
	d, err := open(src, f)
	if err != nil {
		return 0, 0, err
	}
	l, err := d.find(s)
	if err != nil {
		return 0, 0, err
	}
	return d.text().offset(l.start), d.text().offset(l.end), nil
}

// EditCareless is Edit with an encoder that never quotes and never escapes.
func EditCareless(src []byte, f Format, changes []Change) ([]byte, error) {
	d, err := open(src, f)
	if err != nil {
		return nil, err
	}
	return edit(src, careless{d}, changes)
}

type careless struct{ reader }

func (careless) encode(l leaf, value string) (string, error) {
	if l.style == empty {
		return " " + value, nil
	}
	return value, nil
}
