// Runs a job only while this worker leads. Copy this file; ../README.md describes what is spoken.
package main

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"os"
	"sync"
	"time"
)

// RoleMessage is what bluegreen tells a worker.
type RoleMessage struct {
	Role       string `json:"role"`
	Generation int64  `json:"generation"`
	Release    int    `json:"release"`
	Leader     bool   `json:"leader"`
}

// Leader runs its job while this worker leads. It answers POST /-/role.
type Leader struct {
	// Job must return soon after the context is done: another worker leads only after it has. One that panics ends the process: then
	// another worker leads.
	Job func(lost context.Context, generation int64)
	// TimeToEnd is how long it may take for that; less than roles.timeout, which is 5 s.
	TimeToEnd time.Duration

	turn    sync.Mutex // one message is taken after the other
	highest int64
	term    *term
}

type term struct {
	generation int64
	lose       context.CancelFunc
	ended      chan struct{}
}

// Start leads if there is no bluegreen: then there is nobody else to do it.
func (l *Leader) Start() {
	if _, told := os.LookupEnv("BLUEGREEN_ROLE"); !told {
		l.Tell(RoleMessage{Role: "active", Leader: true})
	}
}

// Tell does what a message says. False: it is out of date, or the job still runs after its time; then it must not be acknowledged.
func (l *Leader) Tell(message RoleMessage) bool {
	l.turn.Lock()
	defer l.turn.Unlock()
	if message.Generation < l.highest {
		return false
	}
	l.highest = message.Generation
	if message.Leader && l.term != nil && l.term.generation == message.Generation {
		return true
	}
	if !l.end() {
		return false
	}
	if message.Leader {
		lost, lose := context.WithCancel(context.Background())
		t := &term{message.Generation, lose, make(chan struct{})}
		go func() {
			defer close(t.ended)
			l.Job(lost, t.generation)
		}()
		l.term = t
	}
	return true
}

// Stop ends the job for good, as the worker itself ends.
func (l *Leader) Stop() bool {
	return l.Tell(RoleMessage{Role: "draining", Generation: math.MaxInt64})
}

func (l *Leader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var message RoleMessage
	if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&message) != nil {
		w.WriteHeader(http.StatusBadRequest)
	} else if l.Tell(message) {
		w.WriteHeader(http.StatusNoContent)
	} else {
		w.WriteHeader(http.StatusConflict)
	}
}

func (l *Leader) end() bool {
	if l.term == nil {
		return true
	}
	l.term.lose()
	select {
	case <-l.term.ended:
		l.term = nil
		return true
	case <-time.After(l.TimeToEnd):
		return false
	}
}
