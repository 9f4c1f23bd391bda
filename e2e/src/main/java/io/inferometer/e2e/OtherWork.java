package io.inferometer.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How busy this machine is with what is neither the engine nor its client, from a moment on.
 *
 * <p>Clocks on both sides of a connection agree as well as both sides get to run. On a machine that has other things to do
 * that is a matter of luck, and says nothing of the library.
 */
final class OtherWork {
    /** A machine of which others use less than this share is idle. */
    static final double IDLE = 0.1;

    private static final Path STAT = Path.of("/proc/stat");
    private static final int IDLE_COLUMN = 3;
    private static final int IO_WAIT_COLUMN = 4;
    private static final int COLUMNS = 8; // user, nice, system, idle, iowait, irq, softirq, steal

    private final Supplier<Duration> ours;
    private final Duration oursBefore;
    private final long @org.jspecify.annotations.Nullable [] before;

    private OtherWork(Supplier<Duration> ours) {
        this.ours = ours;
        this.before = read();
        this.oursBefore = ours.get();
    }

    /** Begins to look, beside an engine and this program. */
    static OtherWork beside(EngineProcess engine) {
        return new OtherWork(() -> engine.cpu().plus(ownCpu()));
    }

    /** The share of the machine that others used since then, 0..1; zero where the system does not say. */
    double share() {
        long[] first = before;
        long[] now = read();
        return first == null || now == null ? 0 : share(first, now, ours.get().minus(oursBefore));
    }

    /** Of two lines of {@code /proc/stat}, in hundredths of a second. */
    static double share(long[] before, long[] after, Duration ours) {
        long all = 0;
        for (int column = 0; column < COLUMNS; column++) {
            all += after[column] - before[column];
        }
        long idle = after[IDLE_COLUMN] - before[IDLE_COLUMN] + after[IO_WAIT_COLUMN] - before[IO_WAIT_COLUMN];
        double others = all - idle - ours.toMillis() / 10.0;
        return all <= 0 ? 0 : Math.max(0, others / all);
    }

    private static Duration ownCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static long @org.jspecify.annotations.Nullable [] read() {
        try {
            Optional<String> line = Files.readAllLines(STAT).stream().findFirst();
            return line.map(text -> Arrays.stream(text.replaceFirst("cpu +", "").split(" "))
                            .limit(COLUMNS)
                            .mapToLong(Long::parseLong)
                            .toArray())
                    .orElse(null);
        } catch (IOException e) {
            return null; // Not a Linux.
        }
    }
}
