//go:build race && linux

package prompt_test

const raceEnabled = true
