// Verdicts says of every page on its standard input what a scrape of Prometheus makes of it.
//
// A page comes as one byte, 't' for text or 'o' for OpenMetrics, its length in four bytes, most significant first, and
// its bytes. The answer is lines, the last of which is the verdict: "taken", "refused why" or "crashed why". Before it
// stands, in the order of the page, what was read: "S name value time exemplar labels..." for a sample, and "HELP",
// "TYPE" and "UNIT" with a family and a text. Values are the bits of the double; in texts every byte but a few is
// written as '%' and two digits.
package main

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

var contentTypes = map[byte]string{
	't': "text/plain; version=0.0.4",
	'o': "application/openmetrics-text; version=1.0.0",
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	header := make([]byte, 5)
	for {
		if _, err := io.ReadFull(in, header); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		contentType, known := contentTypes[header[0]]
		if !known {
			log.Fatalf("a page of an unknown format: %q", header[0])
		}
		page := make([]byte, binary.BigEndian.Uint32(header[1:]))
		if _, err := io.ReadFull(in, page); err != nil {
			log.Fatal(err)
		}
		judge(page, contentType, out)
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				log.Fatal(err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func judge(page []byte, contentType string, out *bufio.Writer) {
	defer func() {
		if crash := recover(); crash != nil {
			fmt.Fprintf(out, "crashed %s\n", escaped(fmt.Sprint(crash)))
		}
	}()
	if err := scrape(page, contentType, out); err != nil {
		fmt.Fprintf(out, "refused %s\n", escaped(err.Error()))
		return
	}
	fmt.Fprintln(out, "taken")
}

// scrape does what scrapeLoop.append of scrape/scrape.go does with a page, with the options that a scrape has by default.
func scrape(page []byte, contentType string, out *bufio.Writer) error {
	if len(page) == 0 {
		return nil // An empty page is never parsed.
	}
	parser, err := textparse.New(page, contentType, labels.NewSymbolTable(), textparse.ParserOptions{})
	if err != nil {
		return err
	}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch entry {
		case textparse.EntryType:
			family, kind := parser.Type()
			fmt.Fprintf(out, "TYPE %s %s\n", escaped(string(family)), kind)
		case textparse.EntryHelp:
			family, help := parser.Help()
			fmt.Fprintf(out, "HELP %s %s\n", escaped(string(family)), escaped(string(help)))
		case textparse.EntryUnit:
			family, unit := parser.Unit()
			fmt.Fprintf(out, "UNIT %s %s\n", escaped(string(family)), escaped(string(unit)))
		case textparse.EntrySeries:
			if err := appendSample(parser, out); err != nil {
				return err
			}
		}
	}
}

func appendSample(parser textparse.Parser, out *bufio.Writer) error {
	_, time, value := parser.Series()
	var series labels.Labels
	parser.Labels(&series)
	if err := check(series); err != nil {
		return err
	}
	fmt.Fprintf(out, "S %s %s %s %s", escaped(series.Get(model.MetricNameLabel)), bits(value), stamp(time),
		exemplarOf(parser))
	series.Range(func(label labels.Label) {
		if label.Name != model.MetricNameLabel {
			fmt.Fprintf(out, " %s=%s", escaped(label.Name), escaped(label.Value))
		}
	})
	fmt.Fprintln(out)
	return nil
}

// check is what a scrape asks of a series before and when it is stored.
func check(series labels.Labels) error {
	builder := labels.NewBuilder(series)
	builder.Set("instance", "peer") // Every target has some labels.
	stored := builder.Labels()
	if !stored.Has(model.MetricNameLabel) {
		return errors.New("missing metric name (__name__ label)")
	}
	if !stored.IsValid(model.UTF8Validation) {
		return fmt.Errorf("invalid metric name or label names: %s", stored)
	}
	if name, twice := stored.HasDuplicateLabelNames(); twice {
		return fmt.Errorf("label name %q is not unique", name)
	}
	return nil
}

func exemplarOf(parser textparse.Parser) string {
	var found exemplar.Exemplar
	if !parser.Exemplar(&found) {
		return "-"
	}
	var text strings.Builder
	found.Labels.Range(func(label labels.Label) {
		fmt.Fprintf(&text, "%s=%s,", escaped(label.Name), escaped(label.Value))
	})
	text.WriteString(bits(found.Value))
	if found.HasTs {
		fmt.Fprintf(&text, "@%d", found.Ts)
	}
	return text.String()
}

func stamp(time *int64) string {
	if time == nil {
		return "-"
	}
	return strconv.FormatInt(*time, 10)
}

func bits(value float64) string {
	if math.IsNaN(value) {
		return "NaN"
	}
	return fmt.Sprintf("%016x", math.Float64bits(value))
}

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:."

func escaped(text string) string {
	var written strings.Builder
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(plain, text[i]) >= 0 {
			written.WriteByte(text[i])
		} else {
			fmt.Fprintf(&written, "%%%02x", text[i])
		}
	}
	return written.String()
}
