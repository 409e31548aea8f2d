package onetime_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func open(t *testing.T, s *onetimetest.Server) onetime.Server {
	t.Helper()
	server, err := onetime.Find(t.Context(), onetime.Options{Root: s.URL() + "/", CABundle: s.CA(), UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

func TestEveryProductKeepsTheContract(t *testing.T) {
	for _, product := range onetimetest.Products() {
		t.Run(string(product), func(t *testing.T) { onetimetest.Run(t, product, open) })
	}
}

func TestFindTellsTheProductsApartWithoutASecret(t *testing.T) {
	for _, product := range onetimetest.Products() {
		s := onetimetest.Start(product, false)
		t.Cleanup(s.Close)
		want := onetime.OnetimeSecret
		if product.IsSnapPass() {
			want = onetime.SnapPass
		}
		if got := open(t, s).Kind(); got != want {
			t.Errorf("%s: got %q, want %q", product, got, want)
		}
		other := slices.DeleteFunc(onetime.Kinds(), func(k onetime.Kind) bool { return k == want })[0]
		_, err := onetime.Find(t.Context(), onetime.Options{Root: s.URL(), Kind: other})
		if got := reason(err); got != onetime.NotServer {
			t.Errorf("%s as %s: got %v, want not-such-a-server", product, other, err)
		}
		if slices.ContainsFunc(s.Asked(), func(m string) bool { return strings.HasPrefix(m, "POST") }) {
			t.Errorf("%s: got %v, want no POST", product, s.Asked())
		}
	}
}

func TestTheNewestAPIIsSpoken(t *testing.T) {
	for product, want := range map[onetimetest.Product]string{
		onetimetest.SnapPass: "POST v2 passwords", onetimetest.SnapPassOld: "POST set_password",
		onetimetest.OnetimeSecret: "POST v2 conceal", onetimetest.OnetimeSecretV1: "POST v1 share",
	} {
		s := onetimetest.Start(product, false)
		t.Cleanup(s.Close)
		if _, err := open(t, s).Put(t.Context(), onetime.Offer{Value: secret.New("v"), TTL: time.Minute}); err != nil {
			t.Error(err)
		}
		if got := s.Asked()[len(s.Asked())-1]; got != want {
			t.Errorf("%s: got %q, want %q", product, got, want)
		}
	}
}

func TestTheLinkIsThatOfTheServer(t *testing.T) {
	for _, product := range onetimetest.Products() {
		s := onetimetest.Start(product, false)
		t.Cleanup(s.Close)
		placed, err := open(t, s).Put(t.Context(), onetime.Offer{Value: secret.New("v"), TTL: time.Minute})
		if err != nil || s.Links()[0] != placed.Link.Reveal() {
			t.Errorf("%s: got another link than the server made, or %v", product, err)
		}
	}
}

func TestAServerThatIsNoneIsSaid(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	server := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Close
	if _, err := onetime.Find(t.Context(), onetime.Options{Root: address}); reason(err) != onetime.NotServer {
		t.Errorf("got %v, want not-such-a-server", err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := onetime.Find(t.Context(), onetime.Options{Root: address}); reason(err) != onetime.Unreached {
		t.Errorf("got %v, want server-unreached", err)
	}
}

func TestAServerWithAnUnknownCertificateIsNotReached(t *testing.T) {
	s := onetimetest.Start(onetimetest.SnapPass, true)
	t.Cleanup(s.Close)
	_, err := onetime.Find(t.Context(), onetime.Options{Root: s.URL()})
	if reason(err) != onetime.Unreached || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v, want server-unreached and the certificate", err)
	}
}

func TestOnlyAServerOnThisHostMayDoWithoutHTTPS(t *testing.T) {
	for root, ok := range map[string]bool{
		"https://onetime.example": true, "https://onetime.example/links/": true, "http://127.0.0.1:5000": true,
		"http://localhost:5000": true, "http://[::1]:5000": true, "http://onetime.example": false, "http://127.0.0.1.example": false,
		"onetime.example": false, "ftp://onetime.example": false, "https://user@onetime.example": false, "https://onetime.example/?a": false, "": false,
	} {
		if got := onetime.CheckRoot(root) == nil; got != ok {
			t.Errorf("%q: got %v, want %v", root, got, ok)
		}
	}
}

func TestNoErrorQuotesTheLink(t *testing.T) {
	for _, product := range onetimetest.Products() {
		s := onetimetest.Start(product, false)
		server := open(t, s)
		placed, err := server.Put(t.Context(), onetime.Offer{Value: secret.New("the value itself"), TTL: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		link, err := onetime.ParseLink(placed.Link)
		if err != nil {
			t.Fatal(err)
		}
		s.LoseAnswers(true)
		_, lost := server.Take(t.Context(), link, secret.Value{})
		s.Close()
		_, unreached := server.Take(t.Context(), link, secret.Value{})
		_, peek := server.Peek(t.Context(), link)
		last := placed.Link.Reveal()[strings.LastIndex(placed.Link.Reveal(), "/")+1:]
		said := fmt.Sprintf("%v %+v %#v %v %v %v", link, link, link, lost, unreached, peek)
		if strings.Contains(said, last[:24]) || strings.Contains(said, "the value") {
			t.Errorf("%s: a link is in what was said", product)
		}
		if product != onetimetest.OnetimeSecretV1 && (reason(lost) != onetime.Lost || reason(unreached) != onetime.Unreached || reason(peek) != onetime.Unreached) {
			t.Errorf("%s: got %v, %v, %v", product, lost, unreached, peek)
		}
	}
}

func reason(err error) onetime.Reason {
	var failed *onetime.Error
	if errors.As(err, &failed) {
		return failed.Why
	}
	return ""
}

func TestALinkIsKnownByItsParts(t *testing.T) {
	for link, want := range map[string][]string{
		"http://h:1/snappass12~k-%3D": {"http://h:1/snappass12~k-%3D", "k-=", "snappass12~k-%3D", "snappass12~k-="},
		"http://h:1/secret/ab12":      {"ab12", "http://h:1/secret/ab12"},
	} {
		if got := onetimetest.Parts(link); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", link, got, want)
		}
	}
}
