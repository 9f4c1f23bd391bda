package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A process that reads one kind of page in one way when it is told to: {@code <milliseconds>} on standard input is
 * answered by {@code <least nanoseconds> <median> <bytes allocated per page> <pages>}. The Go peers speak the same.
 */
public final class Worker {
    private static final int TIMES_MAX = 1 << 20;

    private final Work work;
    private final long[] times = new long[TIMES_MAX];
    private double sum;

    private Worker(Work work) {
        this.work = work;
    }

    /** Takes the kind of page and the way. */
    public static void main(String[] arguments) throws IOException {
        PageKind kind = PageKind.of(arguments[0]);
        Way way = Way.valueOf(arguments[1]);
        Worker worker = new Worker(way.work(kind, kind.scrapes(Measure.SCRAPES)));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(worker.measure(Long.parseLong(line)));
        }
        if (Double.isNaN(worker.sum)) {
            throw new IllegalStateException("No page sums up to nothing.");
        }
    }

    private String measure(long millis) throws IOException {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = -threads.getCurrentThreadAllocatedBytes();
        int count = repeat(millis * 1_000_000);
        bytes += threads.getCurrentThreadAllocatedBytes();
        Arrays.sort(times, 0, count);
        return times[0] + " " + times[count / 2] + " " + bytes / count + " " + count;
    }

    private int repeat(long nanos) throws IOException {
        long begin = System.nanoTime();
        long last = begin;
        int count = 0;
        while (count == 0 || (last - begin < nanos && count < TIMES_MAX)) {
            sum += work.run();
            long now = System.nanoTime();
            times[count++] = now - last;
            last = now;
        }
        return count;
    }
}
