package notify

import (
	"context"
	"errors"
	"time"
)

// within bounds an attempt.
const within = 20 * time.Second

// ErrFinal says that the same attempt would fail again: a password is wrong, an
// address is not known.
var ErrFinal = errors.New("refused for good")

// Severity is how grave a message is.
type Severity string

// The severities.
const (
	Information Severity = "information"
	Warning     Severity = "warning"
	Critical    Severity = "critical"
)

// Message is what is told. No part of it is a secret.
type Message struct {
	ID          string // the same for the same message, however often it is sent
	At          time.Time
	Kind        string
	Severity    Severity
	Environment string
	Host        string
	Product     string
	Subject     string // one line
	Text        string // lines; the first is the subject
	Facts       []Fact
	Gauges      []Gauge
}

// Fact is a detail with its name.
type Fact struct{ Name, Value string }

// Gauge is a number that programs follow.
type Gauge struct {
	Name  string // as Prometheus wants it
	Help  string // one line
	Value float64
}

// Sink takes messages. It is safe for concurrent use.
type Sink interface {
	// Send delivers a message. After an error it may have arrived or not.
	Send(ctx context.Context, m Message) error
}
