//go:build unix && !linux

package atomicfile

import "os"

func attributesOf(string) (map[string]string, error) { return nil, nil }

func setAttributes(*os.File, map[string]string) error { return nil }

func flagsOf(string) string { return "" }

func setFlags(*os.File, string) error { return nil }

func unwritable(string) error { return nil }
