//go:build unix && !linux

package proc_test

func zombie(int) bool { return false }
