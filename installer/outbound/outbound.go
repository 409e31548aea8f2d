// Package outbound makes the way to a server that people named: TLS 1.2 or later,
// trusted by the system's authorities and a bundle, through a proxy.
package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Options say how to get there.
type Options struct {
	Proxy    string        // such as http://proxy.example:3128; "" = from the environment
	CABundle []byte        // PEM added to the system's roots; nil = none
	Within   time.Duration // bounds the handshake, and the wait for an answer's header

	// Proxied is asked about the answer of a proxy to CONNECT; nil takes any.
	Proxied func(context.Context, *url.URL, *http.Request, *http.Response) error
}

// maxHeaderBytes bounds the header of an answer.
const maxHeaderBytes = 64 << 10

// Dialer makes transports, each for one connection that is not used again. The
// error says what is wrong with the options. The function may be called
// concurrently.
func Dialer(o Options) (func() *http.Transport, error) {
	proxy := http.ProxyFromEnvironment
	if o.Proxy != "" {
		through, err := url.Parse(o.Proxy)
		if err != nil || through.Host == "" {
			return nil, errors.New("the proxy is no address such as http://proxy.example:3128")
		}
		proxy = http.ProxyURL(through)
	}
	roots, err := roots(o.CABundle)
	if err != nil {
		return nil, err
	}
	return func() *http.Transport {
		return &http.Transport{
			Proxy: proxy, DisableKeepAlives: true, ForceAttemptHTTP2: false,
			TLSHandshakeTimeout: o.Within, ResponseHeaderTimeout: o.Within,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			MaxResponseHeaderBytes: maxHeaderBytes,
			OnProxyConnectResponse: o.Proxied,
		}
	}, nil
}

// roots are the system's authorities and those of a bundle; nil is the
// system's alone.
func roots(bundle []byte) (*x509.CertPool, error) {
	if len(bundle) == 0 {
		return nil, nil //nolint:nilnil // crypto/tls takes nil for the system's
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the system's certificate authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM(bundle) {
		return nil, errors.New("the CA bundle holds no certificate in PEM form")
	}
	return pool, nil
}
