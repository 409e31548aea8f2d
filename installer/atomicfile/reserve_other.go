//go:build !linux

package atomicfile

import "os"

// reserve does nothing: a write that finds the disk full is undone.
func reserve(*os.File, int64) error { return nil }

// onOverlay reports nothing: overlays are a thing of Linux.
func onOverlay(*os.File) bool { return false }
