// Timing reads pages with Prometheus' own parsers when it is told to, and says how long one page took.
//
//	timing <prefix of the pages' files> <number of files> textparse-series|textparse-labels|expfmt
//
// A number of milliseconds on standard input is answered by a line: the least nanoseconds of a page, the median, the
// bytes allocated per page, the number of pages read.
package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "timing:", err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) != 3 {
		return errors.New("want the prefix of the pages' files, how many there are, and a way to read them")
	}
	pages, err := readPages(arguments[0], arguments[1])
	if err != nil {
		return err
	}
	read, err := way(arguments[2])
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		millis, err := strconv.Atoi(lines.Text())
		if err != nil {
			return fmt.Errorf("want milliseconds, got %q", lines.Text())
		}
		answer, err := measure(pages, read, time.Duration(millis)*time.Millisecond)
		if err != nil {
			return err
		}
		fmt.Println(answer)
	}
	return lines.Err()
}

func readPages(prefix, count string) ([][]byte, error) {
	n, err := strconv.Atoi(count)
	if err != nil {
		return nil, err
	}
	pages := make([][]byte, n)
	for i := range pages {
		if pages[i], err = os.ReadFile(prefix + strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// A reader of pages returns how many samples it found.
type reader func(page []byte) (int, error)

func way(name string) (reader, error) {
	switch name {
	case "textparse-series":
		symbols := labels.NewSymbolTable()
		return func(page []byte) (int, error) { return readSeries(page, symbols) }, nil
	case "textparse-labels":
		symbols := labels.NewSymbolTable()
		return func(page []byte) (int, error) { return readLabels(page, symbols) }, nil
	case "expfmt":
		return readFamilies, nil
	}
	return nil, fmt.Errorf("no way is called %q", name)
}

func readSeries(page []byte, symbols *labels.SymbolTable) (int, error) {
	parser := textparse.NewPromParser(page, symbols, false)
	samples := 0
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return samples, nil
		}
		if err != nil {
			return 0, err
		}
		if entry == textparse.EntrySeries {
			parser.Series()
			samples++
		}
	}
}

func readLabels(page []byte, symbols *labels.SymbolTable) (int, error) {
	parser := textparse.NewPromParser(page, symbols, false)
	samples := 0
	var set labels.Labels
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return samples, nil
		}
		if err != nil {
			return 0, err
		}
		if entry == textparse.EntrySeries {
			parser.Series()
			parser.Labels(&set)
			samples++
		}
	}
}

func readFamilies(page []byte) (int, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(page))
	return len(families), err
}

func measure(pages [][]byte, read reader, most time.Duration) (string, error) {
	var times []time.Duration
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	last := begin
	for i := 0; i == 0 || last.Sub(begin) < most; i++ {
		samples, err := read(pages[i%len(pages)])
		if err != nil {
			return "", err
		}
		if samples == 0 {
			return "", errors.New("a page had no samples")
		}
		now := time.Now()
		times = append(times, now.Sub(last))
		last = now
	}
	runtime.ReadMemStats(&after)
	slices.Sort(times)
	allocated := (after.TotalAlloc - before.TotalAlloc) / uint64(len(times))
	return fmt.Sprintf("%d %d %d %d", times[0].Nanoseconds(), times[len(times)/2].Nanoseconds(), allocated, len(times)), nil
}
