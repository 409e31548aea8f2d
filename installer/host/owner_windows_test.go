package host_test

import "testing"

func ownerOf(t *testing.T, _ string) (uid, gid int) {
	t.Helper()
	t.Fatal("there are no user IDs on Windows")
	return -1, -1
}
