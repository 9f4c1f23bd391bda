package io.inferometer.exporter;

import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Readings as lines, for logs and pipes. */
final class WatchLines {
    private static final int WAITING_MAX = 1000;
    private static final long PATIENCE_MILLIS = 50;

    private WatchLines() {}

    /** Prints one line a reading until the rounds are over or nobody reads any more. */
    static void print(Output out, Watching watching, int rounds) throws InterruptedException {
        BlockingQueue<Reading> readings = new ArrayBlockingQueue<>(WAITING_MAX);
        try (WatchLoop loop = watching.loop(rounds, reading -> put(readings, reading))) {
            boolean finished;
            do {
                finished = loop.isFinished(); // Asked first: what was read before that is in the queue.
                Reading reading = readings.poll(finished ? 0 : PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                while (reading != null) {
                    out.line(line(reading));
                    reading = readings.poll();
                }
                out.flush();
            } while (!finished);
        }
    }

    static String line(Reading reading) {
        String start =
                "%s %s %s ".formatted(reading.at().truncatedTo(ChronoUnit.MILLIS), reading.engine(), reading.name());
        if (reading.error() != null) {
            return start + "error: " + reading.error() + standing(reading);
        }
        return start
                + "running=%s waiting=%s kv_usage=%s tokens_per_second=%s requests_per_second=%s ttft_p99=%s inter_token_p99=%s"
                        .formatted(
                                text(reading.running()),
                                text(reading.waiting()),
                                text(reading.kvUsage()),
                                text(reading.tokensPerSecond()),
                                text(reading.requestsPerSecond()),
                                text(reading.timeToFirstTokenP99()),
                                text(reading.interTokenP99()))
                + standing(reading);
    }

    private static String standing(Reading reading) {
        return " state=%s age=%s".formatted(reading.state(), text(reading.ageSeconds()));
    }

    private static String text(@Nullable Number value) {
        return value == null ? FieldTable.ABSENT : Words.rounded(value.doubleValue());
    }

    private static void put(BlockingQueue<Reading> readings, Reading reading) {
        try {
            readings.put(reading);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The loop is being closed.
        }
    }
}
