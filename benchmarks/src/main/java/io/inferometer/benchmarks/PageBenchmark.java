package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one page take, and how many bytes does it allocate? One cell of the table under JMH, for whoever wants
 * its profilers: {@code benchmarks/run jmh -p page=VLLM -p way=SNAPSHOT_REPEAT -prof gc}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PageBenchmark {
    /** Which page. */
    @Param({"LLAMACPP", "TGI", "SGLANG", "VLLM", "VLLM_HTTP"})
    public PageKind page = PageKind.VLLM;

    /** Which way to read it. */
    @Param({"FULL", "REPEAT", "SNAPSHOT", "SNAPSHOT_REPEAT", "NEWLINES"})
    public Way way = Way.FULL;

    private Work work = () -> 0;

    /** Writes the pages. */
    @Setup
    public void write() {
        work = way.work(page, page.scrapes(Measure.SCRAPES));
    }

    /** One page. */
    @Benchmark
    public double read() throws IOException {
        return work.run();
    }
}
