package exchange

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

// dialer makes the transport of one connection: TLS 1.2 or later, trusted by
// the system's authorities and the bundle, through the proxy that is named or
// that the environment names.
func dialer(o Options) (func() (*http.Transport, error), error) {
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
	return func() (*http.Transport, error) {
		return &http.Transport{
			Proxy: proxy, DisableKeepAlives: true, ForceAttemptHTTP2: false,
			TLSHandshakeTimeout: Within, ResponseHeaderTimeout: Within,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
			MaxResponseHeaderBytes: 64 << 10,
			OnProxyConnectResponse: throughProxy,
		}, nil
	}, nil
}

func throughProxy(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		return &proxyError{response.StatusCode}
	}
	return nil
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

// skewOf is the server's clock minus ours; 0 when the answer has no date.
func skewOf(header http.Header, sent, received time.Time) time.Duration {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return 0
	}
	middle := sent.Add(received.Sub(sent) / 2)
	skew := date.Sub(middle).Truncate(time.Second)
	return skew
}
