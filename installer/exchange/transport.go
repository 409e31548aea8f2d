package exchange

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/empowersuite/backend-installer/installer/outbound"
)

// dialer makes the transport of one connection, through the proxy that is named
// or that the environment names.
func dialer(o Options) (func() *http.Transport, error) {
	return outbound.Dialer(outbound.Options{
		Proxy: o.Proxy, CABundle: o.CABundle, Within: Within, Proxied: throughProxy,
	})
}

func throughProxy(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode != http.StatusOK {
		return &proxyError{response.StatusCode}
	}
	return nil
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
