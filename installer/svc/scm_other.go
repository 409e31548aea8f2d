//go:build !windows

package svc

import "fmt"

// systemSCM is for Windows alone.
func systemSCM() (scmCalls, error) {
	return nil, fmt.Errorf("the service control manager is Windows': %w", ErrUnsupported)
}
