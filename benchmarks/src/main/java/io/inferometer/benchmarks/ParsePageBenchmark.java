package io.inferometer.benchmarks;

import io.inferometer.parser.FamilyFilter;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one page of vLLM take, labels included?
 *
 * <p>Four successive scrapes in turn, so that nobody learns a page by heart. {@link #newlines} is the yardstick of the
 * machine: it looks at every byte once, eight at a time, and does nothing with it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ParsePageBenchmark {
    static final int SCRAPES = 4;

    /** What a router asks for. */
    private static final List<String> LOAD =
            List.of("vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc");

    private final PageParser parser = new PageParser();
    private final PageParser filtering =
            new PageParser(ParserOptions.defaults().withFilter(FamilyFilter.ofFamilies(LOAD)));
    private final SampleHandler summing = this::add;
    private final byte[][] pages = new byte[SCRAPES][];
    private final ByteArrayInputStream[] streams = new ByteArrayInputStream[SCRAPES];
    private int turn;
    private double sum;

    /** Writes the pages. */
    @Setup
    public void write() {
        List<VllmPage> scrapes = VllmPage.scrapes(SCRAPES);
        for (int i = 0; i < SCRAPES; i++) {
            pages[i] = scrapes.get(i).bytes();
            streams[i] = new ByteArrayInputStream(pages[i]);
        }
    }

    /** All samples of a page that stands in an array: the sum of their values and of their labels. */
    @Benchmark
    public double array() {
        sum = 0;
        parser.parse(pages[next()], summing);
        return sum;
    }

    /** The same from a stream. */
    @Benchmark
    public double stream() throws IOException {
        sum = 0;
        ByteArrayInputStream in = streams[next()];
        in.reset();
        parser.parse(in, summing);
        return sum;
    }

    /** Three gauges of the same page. */
    @Benchmark
    public double filtered() {
        sum = 0;
        filtering.parse(pages[next()], summing);
        return sum;
    }

    /** The yardstick. */
    @Benchmark
    public int newlines() {
        return Newlines.in(pages[next()]);
    }

    private void add(Sample sample) {
        sum += sample.value() + sample.labelCount();
    }

    private int next() {
        turn = (turn + 1) % SCRAPES;
        return turn;
    }
}
