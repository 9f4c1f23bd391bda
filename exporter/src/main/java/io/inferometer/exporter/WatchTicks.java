package io.inferometer.exporter;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of JSON at each tick, with all targets and a summary of each model. */
final class WatchTicks {
    private static final Duration FIRST_MAX = Duration.ofSeconds(2);

    private WatchTicks() {}

    static void print(Output out, Watching watching, int rounds) throws InterruptedException {
        try (WatchLoop loop = watching.loop(WatchLoop.ENDLESS, reading -> {})) {
            loop.awaitFirst(FIRST_MAX);
            long next = System.nanoTime();
            for (int round = 0; round != rounds; round++) {
                Json.printLine(out, tick(watching.order().sorted(loop.readings())));
                out.flush();
                next += watching.interval().toNanos();
                if (round + 1 != rounds) {
                    Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
                }
            }
        }
    }

    private static Map<String, Object> tick(List<Reading> readings) {
        Map<String, Object> tick = new LinkedHashMap<>();
        tick.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        tick.put("targets", readings);
        tick.put("models", ModelSummary.of(readings));
        return tick;
    }
}
