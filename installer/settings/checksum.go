package settings

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// checksumSeed and checksumAlphabet are those of Microsoft's security-utilities,
// IdentifiableMetadata.cs: "AadPwd00" as a little-endian number.
const (
	checksumSeed     = 0x4161645077643030
	checksumAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~"
	checksumChars    = 3
)

// checksumHolds reports whether the last three characters are the first three
// of the checksum of all others, in base 66.
func checksumHolds(text string) bool {
	body, sum := text[:len(text)-checksumChars], text[len(text)-checksumChars:]
	n := uint64(marvin32([]byte(body), checksumSeed))
	var digits [6]byte
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = checksumAlphabet[n%uint64(len(checksumAlphabet))]
		n /= uint64(len(checksumAlphabet))
	}
	return strings.HasPrefix(string(digits[:]), sum)
}

// marvin32 is the hash of .NET's strings, folded to 32 bits:
// github.com/dotnet/runtime, Marvin.cs (2026).
func marvin32(data []byte, seed uint64) uint32 {
	lo, hi := uint32(seed&0xFFFFFFFF), uint32(seed>>32)
	for ; len(data) >= 4; data = data[4:] {
		lo, hi = marvinBlock(lo+binary.LittleEndian.Uint32(data), hi)
	}
	var tail [4]byte
	copy(tail[:], data)
	tail[len(data)] = 0x80
	lo, hi = marvinBlock(lo+binary.LittleEndian.Uint32(tail[:]), hi)
	lo, hi = marvinBlock(lo, hi)
	return lo ^ hi
}

func marvinBlock(lo, hi uint32) (uint32, uint32) {
	hi ^= lo
	lo = bits.RotateLeft32(lo, 20) + hi
	hi = bits.RotateLeft32(hi, 9) ^ lo
	lo = bits.RotateLeft32(lo, 27) + hi
	return lo, bits.RotateLeft32(hi, 19)
}
