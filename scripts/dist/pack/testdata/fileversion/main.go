//go:build windows

// Command fileversion prints what version.dll, which Explorer asks too, reads from
// a program: fileversion FILE NAME...
package main

import (
	"fmt"
	"os"
	"syscall"
	"unsafe"
)

func main() {
	dll := syscall.NewLazyDLL("version.dll")
	file, err := syscall.UTF16PtrFromString(os.Args[1])
	if err != nil {
		panic(err)
	}
	size, _, err := dll.NewProc("GetFileVersionInfoSizeW").Call(uintptr(unsafe.Pointer(file)), 0)
	if size == 0 {
		panic(err)
	}
	data := make([]byte, size)
	if ok, _, err := dll.NewProc("GetFileVersionInfoW").Call(uintptr(unsafe.Pointer(file)), 0, size, uintptr(unsafe.Pointer(&data[0]))); ok == 0 {
		panic(err)
	}
	for _, name := range os.Args[2:] {
		key, err := syscall.UTF16PtrFromString(`\StringFileInfo\040904B0\` + name)
		if err != nil {
			panic(err)
		}
		var value *uint16
		var length uint32
		ok, _, err := dll.NewProc("VerQueryValueW").Call(uintptr(unsafe.Pointer(&data[0])),
			uintptr(unsafe.Pointer(key)), uintptr(unsafe.Pointer(&value)), uintptr(unsafe.Pointer(&length)))
		if ok == 0 {
			panic(fmt.Sprint(name, ": ", err))
		}
		fmt.Printf("%s=%s\n", name, syscall.UTF16ToString(unsafe.Slice(value, length)))
	}
}
