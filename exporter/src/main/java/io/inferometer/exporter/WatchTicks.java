package io.inferometer.exporter;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What is known of all targets at each tick, in order, with a summary of each model: a line of JSON or a block of text. */
final class WatchTicks {
    private static final Duration FIRST_MAX = Duration.ofSeconds(2);

    private WatchTicks() {}

    /** Prints a line of JSON a tick. */
    static void printJson(Output out, Watching watching, int rounds) throws InterruptedException {
        tick(watching, rounds, readings -> {
            Map<String, Object> tick = new LinkedHashMap<>();
            tick.put("timestamp", now().toString());
            tick.put("targets", readings);
            tick.put("models", ModelSummary.of(readings));
            Json.printLine(out, tick);
            out.flush();
        });
    }

    /** Prints a line for each target and one for each model a tick. */
    static void printLines(Output out, Watching watching, int rounds) throws InterruptedException {
        tick(watching, rounds, readings -> {
            readings.forEach(reading -> out.line(WatchLines.line(reading)));
            ModelSummary.of(readings).forEach(model -> out.line("%s model %s".formatted(now(), model.line())));
            out.flush();
        });
    }

    private static void tick(Watching watching, int rounds, Consumer<List<Reading>> printer)
            throws InterruptedException {
        try (WatchLoop loop = watching.loop(WatchLoop.ENDLESS, reading -> {})) {
            loop.awaitFirst(FIRST_MAX);
            long next = System.nanoTime();
            for (int round = 0; round != rounds; round++) {
                printer.accept(watching.order().sorted(loop.readings()));
                next += watching.interval().toNanos();
                if (round + 1 != rounds) {
                    Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
                }
            }
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
