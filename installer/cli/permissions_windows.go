package cli

// permissionsMatter reports whether a file's mode tells who may read it: on
// Windows its ACL does.
func permissionsMatter() bool { return false }
