package exchange

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

const (
	maxBodyBytes     = 1 << 20
	maxMessageBytes  = 600
	maxRetryAfter    = time.Hour
	maxCodesOfBody   = 8
	maxIdentifierLen = 64
)

// Answer is an HTTP answer with its body, bounded. The body may hold a token.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Skew   time.Duration // the server's clock minus ours; 0 when unknown
	huge   bool
	now    time.Time
}

// isJSON goes by the header and by the body.
func (a *Answer) isJSON() bool {
	return strings.Contains(strings.ToLower(a.Header.Get("Content-Type")), "json") && json.Valid(a.Body)
}

// Odd is an answer that says nothing that is known.
func (a *Answer) Odd(host string) *Error {
	return &Error{Class: Protocol, Status: a.Status, Host: host, Skew: a.Skew, RetryAfter: a.retryAfter()}
}

// retryAfter reads seconds or a date, RFC 9110 section 10.2.3.
func (a *Answer) retryAfter() time.Duration {
	text := a.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(text); err == nil && seconds >= 0 {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if date, err := http.ParseTime(text); err == nil {
		return min(max(date.Sub(a.now.Add(a.Skew)), 0), maxRetryAfter)
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
	return Plain(text, maxMessageBytes)
}

// Plain is a text from outside, safe to print on one line, of at most so many
// bytes.
func Plain(text string, most int) string {
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

// errPage says that something between here and Entra ID answered.
var errPage = errors.New("the answer is not Entra ID's: a page of a proxy or of a portal")
