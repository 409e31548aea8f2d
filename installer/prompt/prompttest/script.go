// Package prompttest holds the contract of prompt.Asker and a scripted person
// who keeps it.
package prompttest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/empowersuite/backend-installer/installer/prompt"
	"github.com/empowersuite/backend-installer/installer/secret"
)

// Answer is what the scripted person says to a question.
type Answer struct {
	Label  string // regular expression that the question's label matches
	Text   string // as typed; of a Select the choice's text; "" is Enter, "<" goes back
	Err    error  // prompt.ErrCancelled or prompt.ErrBack, in place of Text
	Always bool   // answers every such question; others are used once, in order
}

// Asked is a question that was put.
type Asked struct {
	Method string // Text, Select, Confirm or Secret
	prompt.Question
}

// Script answers by label. A question that no answer is left for, and an
// answer that no question took, fail the test.
type Script struct {
	Asked      []Asked
	Complaints []string // what Validate said to answers
	NoTerminal bool     // every method returns prompt.ErrNoTerminal

	tb      testing.TB
	answers []Answer
	used    []bool
}

// NewScript makes a Script of answers.
func NewScript(tb testing.TB, answers ...Answer) *Script {
	tb.Helper()
	s := &Script{tb: tb, answers: answers, used: make([]bool, len(answers))}
	tb.Cleanup(func() {
		for i, a := range s.answers {
			if !s.used[i] && !a.Always {
				tb.Errorf("nobody asked %q (answer %d)", a.Label, i)
			}
		}
	})
	return s
}

// Text implements prompt.Asker.
func (s *Script) Text(ctx context.Context, q prompt.Question) (string, error) {
	text := ""
	err := s.ask(ctx, Asked{"Text", q}, func(typed string) error {
		if text = strings.TrimSpace(typed); text == "" {
			text = q.Default
		}
		return validate(q, text)
	})
	if err != nil {
		return "", err
	}
	return text, nil
}

// Secret implements prompt.Asker.
func (s *Script) Secret(ctx context.Context, q prompt.Question) (secret.Value, error) {
	var value secret.Value
	err := s.ask(ctx, Asked{"Secret", q}, func(typed string) error {
		value = secret.New(typed)
		if typed == "" {
			value = secret.Value{}
			if q.Default != "" {
				return nil
			}
		}
		return validate(q, typed)
	})
	if err != nil {
		return secret.Value{}, err
	}
	return value, nil
}

// Select implements prompt.Asker.
func (s *Script) Select(ctx context.Context, q prompt.Question) (int, error) {
	index := 0
	err := s.ask(ctx, Asked{"Select", q}, func(typed string) error {
		switch {
		case typed == "":
			index = max(slices.Index(q.Choices, q.Default), 0)
			return nil
		case typed == prompt.BackChoice && q.CanGoBack:
			return prompt.ErrBack
		}
		index = slices.IndexFunc(q.Choices, func(c string) bool { return strings.HasPrefix(c, typed) })
		if index < 0 {
			s.tb.Errorf("%q has no choice %q, only %q", q.Label, typed, q.Choices)
			return prompt.ErrCancelled
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return index, nil
}

// Confirm implements prompt.Asker.
func (s *Script) Confirm(ctx context.Context, q prompt.Question) (bool, error) {
	yes := q.Default == "yes"
	err := s.ask(ctx, Asked{"Confirm", q}, func(typed string) error {
		switch strings.ToLower(strings.TrimSpace(typed)) {
		case "":
		case "y", "yes":
			yes = true
		case "n", "no":
			yes = false
		default:
			return fmt.Errorf("%q is neither yes nor no", typed)
		}
		return nil
	})
	return yes && err == nil, err
}

func validate(q prompt.Question, text string) error {
	if q.Validate == nil {
		return nil
	}
	return q.Validate(text)
}

// ask takes answers until one is accepted or ends the question.
func (s *Script) ask(ctx context.Context, q Asked, accept func(string) error) error {
	if s.NoTerminal {
		return prompt.ErrNoTerminal
	}
	s.Asked = append(s.Asked, q)
	for {
		if ctx.Err() != nil {
			return fmt.Errorf("%w: %w", prompt.ErrCancelled, context.Cause(ctx))
		}
		a, ok := s.take(q)
		if !ok {
			return prompt.ErrCancelled
		}
		err := a.Err
		if err == nil {
			err = s.accept(q, a.Text, accept)
		}
		if err == nil || err == prompt.ErrCancelled || err == prompt.ErrBack { //nolint:errorlint // the sentinels themselves
			return err
		}
		s.Complaints = append(s.Complaints, err.Error())
	}
}

func (s *Script) accept(q Asked, typed string, accept func(string) error) error {
	if q.CanGoBack && strings.TrimSpace(typed) == prompt.Back {
		return prompt.ErrBack
	}
	if len(typed) > prompt.MaxBytes {
		return fmt.Errorf("too long: at most %d bytes", prompt.MaxBytes)
	}
	return accept(typed)
}

func (s *Script) take(q Asked) (Answer, bool) {
	for i, a := range s.answers {
		if s.used[i] || !regexp.MustCompile(a.Label).MatchString(q.Label) {
			continue
		}
		s.used[i] = !a.Always
		if a.Err == prompt.ErrBack && !q.CanGoBack { //nolint:errorlint // the sentinel itself
			s.tb.Errorf("%q does not let one go back", q.Label)
			return Answer{}, false
		}
		return a, true
	}
	s.tb.Errorf("unexpected question: %s %q", q.Method, q.Label)
	return Answer{}, false
}
