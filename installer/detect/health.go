package detect

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/empowersuite/backend-installer/installer/release"
)

// endpoint is an address that the backend answers at.
type endpoint struct {
	tls     bool
	address string // host:port, as this host reaches it
	from    string
}

// health finds an address to probe. Where several are as good, or several services
// could be meant, it is to be decided.
func (x *examination) health(services []Service) Part {
	found := x.endpoints(services)
	if plain := slices.DeleteFunc(slices.Clone(found), func(e endpoint) bool { return e.tls }); len(plain) > 0 {
		found = plain // a certificate for a public name fits no loopback address
	}
	if len(services) == 0 {
		for _, e := range found {
			x.note("somebody listens at %s: %s", e.address, e.from)
		}
		return Part{}
	}
	d := Decision{Section: InServices, What: "which service answers at which of these addresses, for the health check"}
	for _, s := range services {
		for _, e := range found {
			s.Health, s.Why = x.probe(e), "it is told to listen there by "+e.from
			d.Choices = append(d.Choices, Choice{Label: s.Name + " at " + e.address + " (" + e.from + ")", Part: Part{Services: []Service{s}}})
		}
	}
	switch len(d.Choices) {
	case 0:
		return Part{}
	case 1:
		x.note("%s is probed at %s: %s", services[0].Name, found[0].address, found[0].from)
		return d.Choices[0].Part
	}
	return Part{Decisions: []Decision{d}}
}

// probe asks for the page that the configuration names; else whether anybody
// answers: which page tells of the backend's health is not known.
func (x *examination) probe(e endpoint) *release.Health {
	for _, l := range x.leaves {
		p := l.text()
		if !isHealthPath(l) || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, " ?#{}*") {
			continue
		}
		scheme := "http"
		if e.tls {
			scheme = "https"
		}
		if u, err := url.Parse(scheme + "://" + e.address + p); err == nil {
			return &release.Health{HTTP: u.String()}
		}
	}
	return &release.Health{TCP: e.address}
}

func isHealthPath(l leaf) bool {
	key := l.key()
	if slices.Contains([]string{"healthpath", "healthcheckpath", "healthcheckspath", "healthendpoint", "healthcheckendpoint"}, key) {
		return true
	}
	return slices.Contains([]string{"path", "endpoint"}, key) && len(l.section()) > 0 &&
		strings.HasPrefix(normal(l.section()[len(l.section())-1]), "health")
}

// endpoints are the addresses that the configuration and the command lines name,
// each once.
func (x *examination) endpoints(services []Service) []endpoint {
	var all []endpoint
	add := func(text, from string) {
		for _, one := range strings.Split(text, ";") {
			e, ok := listening(one)
			if ok && !slices.ContainsFunc(all, func(o endpoint) bool { return o.address == e.address }) {
				e.from = from
				all = append(all, e)
			}
		}
	}
	for _, l := range x.leaves {
		if text, ok := listens(l); ok {
			add(text, called(l.names)+" in "+l.source.Path)
		}
	}
	for _, s := range x.Services {
		if !slices.ContainsFunc(services, func(o Service) bool { return o.Name == s.Name }) {
			continue
		}
		for _, argv := range s.Exec {
			add(flagged(argv), "--urls in the command line of "+s.Name)
		}
	}
	return all
}

// listens is what a key says of addresses to listen at, as ASP.NET Core reads it.
func listens(l leaf) (text string, ok bool) {
	section := strings.ToLower(called(l.section()))
	switch key := normal(l.names[len(l.names)-1]); {
	case strings.HasPrefix(section, "kestrel:endpoints:") && key == "url":
		return l.text(), true
	case section != "":
		return "", false
	case slices.Contains([]string{"urls", "aspnetcoreurls", "dotneturls", "serverurls"}, key):
		return l.text(), true
	case slices.Contains([]string{"httpports", "aspnetcorehttpports", "dotnethttpports"}, key):
		return "http://*:" + strings.ReplaceAll(l.text(), ";", ";http://*:"), true
	}
	return "", false
}

// flagged is the value of --urls.
func flagged(argv []string) string {
	for i, arg := range argv {
		if value, ok := strings.CutPrefix(arg, "--urls="); ok {
			return value
		}
		if arg == "--urls" && i+1 < len(argv) {
			return argv[i+1]
		}
	}
	return ""
}

// listening reads an address of Kestrel: http://*:5080. One that is for every
// address of the host is asked at loopback.
func listening(text string) (endpoint, bool) {
	text = strings.TrimSpace(text)
	for _, every := range []string{"://*", "://+"} {
		text = strings.Replace(text, every, "://0.0.0.0", 1)
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return endpoint{}, false
	}
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	if port != "" && u.Port() != "" {
		port = u.Port()
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 { // 0 is any that is free
		return endpoint{}, false
	}
	host, ok := reached(u.Hostname())
	return endpoint{tls: u.Scheme == "https", address: host + ":" + port}, ok
}

// reached is a host as this one reaches it.
func reached(host string) (string, bool) {
	address, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return host, isHostName(host)
	case address.IsUnspecified() && address.Is4():
		return "127.0.0.1", true
	case address.IsUnspecified():
		return "[::1]", true
	case address.Is6():
		return "[" + host + "]", true
	}
	return host, true
}

func isHostName(host string) bool {
	return !strings.ContainsFunc(host, func(r rune) bool {
		return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-", r)
	})
}
