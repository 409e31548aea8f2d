//go:build power && linux

package powertest_test

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// every is the pause between two requests: fifty a second.
const every = 20 * time.Millisecond

// load is a client that asks the backend fifty times a second, over a fresh
// connection each time.
type load struct {
	asked, failed atomic.Int64
	stop          context.CancelFunc
	done          sync.WaitGroup
}

func (s *site) load(ctx context.Context) *load {
	ctx, stop := context.WithCancel(ctx)
	l := &load{stop: stop}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Second}
	l.done.Go(func() {
		next := time.NewTicker(every)
		defer next.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-next.C:
				l.done.Go(func() { l.ask(client, "http://"+s.listen+"/health/ready") })
			}
		}
	})
	return l
}

func (l *load) ask(client *http.Client, url string) {
	l.asked.Add(1)
	response, err := client.Get(url)
	if err != nil {
		l.failed.Add(1)
		return
	}
	_ = response.Body.Close() // its status is enough
	if response.StatusCode != http.StatusOK {
		l.failed.Add(1)
	}
}

// end stops asking, and tells how many requests failed.
func (l *load) end() int {
	l.stop()
	l.done.Wait()
	return int(l.failed.Load())
}
