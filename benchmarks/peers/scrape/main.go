// Command scrape reads many metrics pages again and again, the way today's routers and autoscalers do: a goroutine
// and a ticker for each target, net/http for the page, expfmt for all of its families.
//
// It prints one line of JSON: how many scrapes were completed, and how much CPU time the process took for them.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// What a router wants of a page.
var wanted = []string{"vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc"}

type counts struct {
	completed, failed, skipped atomic.Int64
}

type result struct {
	Completed  int64   `json:"completed"`
	Failed     int64   `json:"failed"`
	Skipped    int64   `json:"skipped"`
	CPUSeconds float64 `json:"cpu_seconds"`
	Seconds    float64 `json:"seconds"`
}

func main() {
	pattern := flag.String("url", "", "a target's URL, with %d where its number stands")
	targets := flag.Int("targets", 1, "how many targets")
	interval := flag.Duration("interval", 50*time.Millisecond, "time between two scrapes of one target")
	warmup := flag.Duration("warmup", time.Second, "time before counting begins")
	duration := flag.Duration("duration", 10*time.Second, "time that is counted")
	flag.Parse()
	if *pattern == "" || !strings.Contains(*pattern, "%d") {
		fmt.Fprintln(os.Stderr, "scrape: -url needs a URL with %d in it, such as http://127.0.0.1:8000/%d/metrics")
		os.Exit(2)
	}

	ctx, stop := context.WithCancel(context.Background())
	client := &http.Client{
		Timeout:   5 * time.Second,
		Transport: &http.Transport{MaxIdleConns: *targets, MaxIdleConnsPerHost: *targets},
	}
	var all counts
	var running sync.WaitGroup
	for number := range *targets {
		running.Add(1)
		go func() {
			defer running.Done()
			watch(ctx, client, fmt.Sprintf(*pattern, number), *interval, &all)
		}()
	}

	time.Sleep(*warmup)
	before, begin := snapshotOf(&all), time.Now()
	cpuBefore := cpuSeconds()
	time.Sleep(*duration)
	after, seconds := snapshotOf(&all), time.Since(begin).Seconds()
	cpu := cpuSeconds() - cpuBefore
	stop()
	running.Wait()
	_ = json.NewEncoder(os.Stdout).Encode(result{
		Completed:  after[0] - before[0],
		Failed:     after[1] - before[1],
		Skipped:    after[2] - before[2],
		CPUSeconds: cpu,
		Seconds:    seconds,
	})
}

// watch scrapes one target at each tick; a tick that comes while a scrape runs is lost, as with time.Ticker.
func watch(ctx context.Context, client *http.Client, url string, interval time.Duration, all *counts) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		begin := time.Now()
		err := scrape(ctx, client, url)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			all.failed.Add(1)
		default:
			all.completed.Add(1)
		}
		all.skipped.Add(int64(time.Since(begin) / interval))
	}
}

func scrape(ctx context.Context, client *http.Client, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Accept-Encoding", "identity") // On a local network gzip costs more than it saves.
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("status %s", response.Status)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		return err
	}
	for _, name := range wanted {
		if !hasValue(families[name]) {
			return fmt.Errorf("no %s on the page", name)
		}
	}
	return nil
}

func hasValue(family *dto.MetricFamily) bool {
	return len(family.GetMetric()) > 0 && family.GetMetric()[0].GetGauge() != nil
}

func snapshotOf(all *counts) [3]int64 {
	return [3]int64{all.completed.Load(), all.failed.Load(), all.skipped.Load()}
}

// cpuSeconds is what the process took so far, user and system.
func cpuSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		fmt.Fprintln(os.Stderr, "scrape:", err)
		os.Exit(1)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}
