// Package atomicfiletest is the contract of atomicfile: what it does on every
// file system, and what it says where one cannot keep what others keep.
//
// # What it is
//
// Run makes its files in a folder of the file system under test. Capabilities
// say what that can; the contract begins with making sure that they are true,
// and then asks for the way and the reason that follow from them.
//
// # Invariants
//
// Nothing is left in the folder.
package atomicfiletest
