//go:build unix && !linux

package atomicfiletest

import "os"

func decorateSystem(string) error { return nil }

func tryFacts(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	return info.Mode().String(), nil
}
