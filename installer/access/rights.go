package access

import (
	"fmt"
	"strconv"
)

// The bits of an access mask that matter for files and folders; see "File Access
// Rights Constants" and "ACCESS_MASK".
const (
	readData    = 0x1        // read a file, list a folder
	writeData   = 0x2        // write a file, make files in a folder
	appendData  = 0x4        // append to a file, make folders in a folder
	deleteChild = 0x40       // remove what is in a folder
	deleteIt    = 0x10000    // remove it
	writeDAC    = 0x40000    // write its access list
	writeOwner  = 0x80000    // become its owner
	genericAll  = 0x10000000 // everything
	genericW    = 0x40000000
	genericR    = 0x80000000

	anyRead   = readData | genericAll | genericR
	anyChange = writeData | appendData | deleteChild | deleteIt | writeDAC | writeOwner | genericAll | genericW
)

// rightBits are the names of rights in SDDL, two letters each.
func rightBits() map[string]uint32 {
	return map[string]uint32{
		"FA": 0x1f01ff, "FR": 0x120089, "FW": 0x120116, "FX": 0x1200a0,
		"GA": genericAll, "GR": genericR, "GW": genericW, "GX": 0x20000000,
		"RC": 0x20000, "SD": deleteIt, "WD": writeDAC, "WO": writeOwner,
		"CC": readData, "DC": writeData, "LC": appendData, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": deleteChild, "LO": 0x80, "CR": 0x100,
	}
}

// parseRights reads 0x1200a9, 1179785 or FRFX.
func parseRights(text string) (uint32, error) {
	if text != "" && text[0] >= '0' && text[0] <= '9' {
		mask, err := strconv.ParseUint(text, 0, 32)
		if err != nil {
			return 0, fmt.Errorf("%w: the rights %q", ErrList, text)
		}
		return uint32(mask), nil
	}
	var mask uint32
	for rest := text; rest != ""; rest = rest[2:] {
		if len(rest) < 2 {
			return 0, fmt.Errorf("%w: the rights %q", ErrList, text)
		}
		bits, ok := rightBits()[rest[:2]]
		if !ok {
			return 0, fmt.Errorf("%w: the rights %q", ErrList, text)
		}
		mask |= bits
	}
	return mask, nil
}
