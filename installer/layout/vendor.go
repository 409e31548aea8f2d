package layout

// Vendor is where the vendor's own installation has its folders: one for the
// program and one with a folder for each environment.
type Vendor struct {
	Program string // of all environments
	Data    string // holds a folder for each environment
	Config  string // within an environment's folder, where the configuration is; "" is the folder itself
	Old     bool   // of before the product's new name
	Windows bool
}

// Vendors are the places where an installation of the vendor can be, the present
// ones first. A prefix, below which a tree of either system may lie, has those of
// both, of Windows those that are usual.
func (h Host) Vendors(prefix string) []Vendor {
	linux := []Vendor{{Program: "/opt/empower/backend", Data: "/etc/empower/backend"}}
	switch {
	case prefix == "" && h.windows():
		return windowsVendors(h.programs(), h.data())
	case prefix == "":
		return linux
	}
	all := append(windowsVendors(Host{}.programs(), Host{}.data()), linux...)
	for i, v := range all {
		all[i].Program, all[i].Data = Beneath(prefix, v.Program), Beneath(prefix, v.Data)
	}
	return all
}

func windowsVendors(program, data string) []Vendor {
	const present, former = `\empower\backend`, `\Made in Office\empower backend`
	return []Vendor{
		{Program: program + present, Data: data + present, Config: "root", Windows: true},
		{Program: program + former, Data: data + former, Config: "root", Old: true, Windows: true},
	}
}
