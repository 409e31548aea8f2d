//go:build windows

package svc

// SystemSCM is the host's own manager.
func SystemSCM() (SCMCalls, error) { return systemSCM() }
