package entra

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/oauth2"
)

const (
	maxBodyBytes     = 1 << 20
	maxMessageBytes  = 600
	maxRetryAfter    = time.Hour
	maxCodesOfBody   = 8
	maxIdentifierLen = 64
)

// answer is an HTTP answer with its body, bounded. The body may hold a token
// and goes no further than this package.
type answer struct {
	status int
	header http.Header
	body   []byte
	huge   bool
	skew   time.Duration
	now    time.Time
}

// exchange sends one request and returns its answer, or the *Error that it
// is.
func (c *Client) exchange(request *http.Request) (*answer, error) {
	host := request.URL.Host
	request.Header.Set("User-Agent", c.options.UserAgent)
	request.Header.Set("Accept", "application/json")
	transport, err := c.dial()
	if err != nil {
		return nil, err
	}
	sent := c.options.Now()
	response, err := transport.RoundTrip(request)
	if err != nil {
		return nil, c.unanswered(request.Context(), host, err)
	}
	defer response.Body.Close() //nolint:errcheck // read-only
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBodyBytes+1))
	if err != nil {
		return nil, c.unanswered(request.Context(), host, err)
	}
	received := c.options.Now()
	got := &answer{
		status: response.StatusCode, header: response.Header, body: body, huge: len(body) > maxBodyBytes,
		skew: skewOf(response.Header, sent, received), now: received,
	}
	if got.status == http.StatusOK && !got.huge && got.isJSON() {
		return got, nil
	}
	return nil, got.classify(host)
}

func (a *answer) isJSON() bool {
	return strings.Contains(strings.ToLower(a.header.Get("Content-Type")), "json") && json.Valid(a.body)
}

// failure is an answer that says nothing that is known.
func (a *answer) failure(host string) *Error {
	return &Error{Class: Protocol, Status: a.status, Host: host, Skew: a.skew, RetryAfter: a.retryAfter()}
}

// retryAfter reads seconds or a date, RFC 9110 section 10.2.3.
func (a *answer) retryAfter() time.Duration {
	text := a.header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if date, err := http.ParseTime(text); err == nil {
		return min(max(date.Sub(a.now.Add(a.skew)), 0), maxRetryAfter)
	}
	return 0
}

// refusal is the body of an error as Entra ID writes it. Each member can be
// missing, and some come as a text or as a number.
type refusal struct {
	Error         string            `json:"error"`
	Description   string            `json:"error_description"`
	Codes         []json.RawMessage `json:"error_codes"`
	Timestamp     string            `json:"timestamp"`
	TraceID       string            `json:"trace_id"`
	CorrelationID string            `json:"correlation_id"`
	SubError      string            `json:"suberror"`
}

// codes are the AADSTS numbers, those of the list first.
func (r refusal) codes() []int {
	var codes []int
	for i, raw := range r.Codes {
		if n, err := strconv.Atoi(strings.Trim(string(raw), `"`)); err == nil && i < maxCodesOfBody {
			codes = append(codes, n)
		}
	}
	for _, m := range regexp.MustCompile(`AADSTS(\d{4,8})`).FindAllStringSubmatch(r.Description, maxCodesOfBody) {
		if n, err := strconv.Atoi(m[1]); err == nil {
			codes = append(codes, n)
		}
	}
	return codes
}

// message is the description without the trailer of identifiers, which old
// answers put on lines of their own and new ones behind a blank.
func (r refusal) message() string {
	text := r.Description
	if at := regexp.MustCompile(`\s*Trace ID:`).FindStringIndex(text); at != nil {
		text = text[:at[0]]
	}
	return plain(text, maxMessageBytes)
}

// plain is a text from outside, safe to print on one line.
func plain(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == unicode.ReplacementChar
	}), " ")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, text)
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + " …"
	}
	return text
}

// grantOf looks at a token and forgets it. One that is no JWT is opaque, which
// Microsoft allows for tokens of others' APIs.
func grantOf(token *oauth2.Token, from *answer) Grant {
	g := Grant{Skew: from.skew}
	if !token.Expiry.IsZero() {
		g.Lifetime = time.Until(token.Expiry).Round(time.Minute)
	}
	parts := strings.Split(token.AccessToken, ".")
	if len(parts) != 3 {
		return g
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return g
	}
	var claims struct {
		TenantID string `json:"tid"`
		AppID    string `json:"appid"`
		Azp      string `json:"azp"`
	}
	if json.Unmarshal(text, &claims) != nil {
		return g
	}
	g.TenantID, g.AppID = plain(claims.TenantID, maxIdentifierLen), plain(claims.AppID, maxIdentifierLen)
	if g.AppID == "" {
		g.AppID = plain(claims.Azp, maxIdentifierLen)
	}
	return g
}

// errPage says that something between here and Entra ID answered.
var errPage = errors.New("the answer is not Entra ID's: a page of a proxy or of a portal")
