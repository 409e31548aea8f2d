package cli_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/empowersuite/backend-installer/installer/onetime"
	"github.com/empowersuite/backend-installer/installer/onetime/onetimetest"
	"github.com/empowersuite/backend-installer/installer/secret"
)

func oneServer(ts *testscript.TestScript) *onetimetest.Server {
	all := stageOf(ts).onetime
	if len(all) == 0 {
		ts.Fatalf("no server for one-time links: say onetime PRODUCT")
	}
	return all[len(all)-1]
}

// onetime PRODUCT [https]: a server for one-time links, at $ONETIME; with https its
// certificate is added to $CA. onetime lose|hold|holding|release|advance DURATION|answer STATUS:
// what it does from now on.
func onetimeServer(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) == 0 || len(args) > 2 {
		ts.Fatalf("usage: onetime PRODUCT [https], onetime lose|hold|release|advance|answer [...]")
	}
	s := stageOf(ts)
	switch args[0] {
	case "lose":
		oneServer(ts).LoseAnswers(true)
	case "hold":
		s.release = oneServer(ts).Hold()
		ts.Defer(s.release)
	case "holding":
		waitFor(ts, "a value that is kept back", func() bool { return oneServer(ts).Held() > 0 })
	case "release":
		s.release()
	case "advance":
		d, err := time.ParseDuration(args[1])
		ts.Check(err)
		oneServer(ts).Advance(d)
	case "answer":
		oneServer(ts).AnswerWith(number(ts, args[1]))
	default:
		server := onetimetest.Start(onetimetest.Product(args[0]), len(args) == 2)
		ts.Defer(server.Close)
		s.onetime = append(s.onetime, server)
		ts.Setenv("ONETIME", server.URL())
		if len(args) == 2 {
			file, err := os.OpenFile(ts.Getenv("CA"), os.O_APPEND|os.O_WRONLY, 0)
			ts.Check(err)
			_, err = file.Write(server.CA())
			ts.Check(err)
			ts.Check(file.Close())
		}
	}
}

// driver is a driver for the server, as somebody else has one.
func driver(ts *testscript.TestScript) onetime.Server {
	server := oneServer(ts)
	found, err := onetime.Find(context.Background(), onetime.Options{Root: server.URL(), CABundle: server.CA()})
	ts.Check(err)
	return found
}

// link FILE SECRET [PASSPHRASE]: somebody puts the secret in a file behind a link,
// which FILE holds. link open FILE [PASSPHRASE]: somebody else opens it. link spoil
// FILE TO: TO holds the link with another key, of the right form. link cut FILE TO:
// TO holds the link without its end.
func link(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: link FILE SECRET [PASSPHRASE], link open FILE [PASSPHRASE], link spoil FILE TO")
	}
	passphrase := secret.New(strings.Join(args[2:], ""))
	switch args[0] {
	case "open":
		l, err := onetime.ParseLink(secret.New(ts.ReadFile(args[1])))
		ts.Check(err)
		_, err = driver(ts).Take(context.Background(), l, passphrase)
		ts.Check(err)
	case "cut":
		whole := ts.ReadFile(args[1])
		stageOf(ts).keep(ts, args[2], whole[:len(whole)-10])
	case "spoil":
		whole := ts.ReadFile(args[1])
		before, _, _ := strings.Cut(whole, "~")
		stageOf(ts).keep(ts, args[2], before+"~"+url.QueryEscape(strings.Repeat("A", 43)+"="))
	default:
		placed, err := driver(ts).Put(context.Background(), onetime.Offer{
			Value: secret.New(ts.ReadFile(args[1])), TTL: 24 * time.Hour, Passphrase: passphrase,
		})
		ts.Check(err)
		stageOf(ts).keep(ts, args[0], placed.Link.Reveal())
	}
}

// creates FILE PROGRAM ARG...: a program that ends well and prints one link, once,
// on stdout, and no other secret anywhere; FILE holds the link.
func creates(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: creates FILE PROGRAM ARG...")
	}
	err := ts.Exec(args[1], args[2:]...)
	stdout := ts.ReadFile("stdout")
	links := oneServer(ts).Links()
	if err != nil || len(links) == 0 {
		checkStreams(ts, stdout, ts.ReadFile("stderr"))
		ts.Fatalf("it ended with %v, and made %d links", err, len(links))
	}
	made := links[len(links)-1]
	if n := strings.Count(stdout, made); n != 1 {
		ts.Fatalf("stdout holds the link %d times, want once", n)
	}
	checkStreams(ts, strings.Replace(stdout, made, "", 1), ts.ReadFile("stderr"))
	stageOf(ts).keep(ts, args[0], made)
}

// given N [links M]: the servers gave N values away, and made M links.
func given(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 && len(args) != 3 {
		ts.Fatalf("usage: given N [links M]")
	}
	values, links := 0, 0
	for _, server := range stageOf(ts).onetime {
		values += server.Given()
		links += len(server.Links())
	}
	if fmt.Sprint(values) != args[0] || len(args) == 3 && fmt.Sprint(links) != args[2] {
		ts.Fatalf("%d values were given and %d links made, want %s", values, links, strings.Join(args, " "))
	}
}
