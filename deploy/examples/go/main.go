package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// The job of this example: it prints a line five times a second. Put yours here.
func job(lost context.Context, generation int64) {
	show("begin", generation)
	defer show("end", generation)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-lost.Done():
			return
		case <-tick.C:
			show("tick", generation)
		}
	}
}

func show(what string, generation int64) {
	fmt.Printf("%s %s pid %d generation %d\n", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), what, os.Getpid(), generation)
}

func variable(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func main() {
	leader := &Leader{Job: job, TimeToEnd: 4 * time.Second}
	http.Handle("/-/role", leader)
	http.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "ok") })
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "Hello from %s\n", variable("BLUEGREEN_LABEL", "nowhere"))
	})
	server := &http.Server{Addr: variable("HOST", "127.0.0.1") + ":" + variable("PORT", "8000")}
	go func() {
		if err := server.ListenAndServe(); err != http.ErrServerClosed {
			log.Fatal(err)
		}
	}()
	leader.Start()

	stop, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	<-stop.Done()
	leader.Stop()
	server.Shutdown(context.Background())
}
