package io.inferometer.benchmarks.fleet;

import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitorStats;
import java.time.Duration;

/**
 * What a monitor did over a time, and what that took.
 *
 * @param seconds how long
 * @param scrapes good scrapes
 * @param failed failed scrapes
 * @param late ticks that began more than 10 ms late, or never
 * @param cpuSeconds CPU time of the whole process, user and system
 * @param parseSeconds of it, by the monitor's own count, reading pages
 * @param megabytes bodies read
 */
record MonitorSample(
        double seconds,
        long scrapes,
        long failed,
        long late,
        double cpuSeconds,
        double parseSeconds,
        double megabytes) {
    static MonitorSample over(Duration time, EngineMonitor monitor) throws InterruptedException {
        MonitorStats before = monitor.stats();
        double cpu = Proc.cpuSeconds();
        long start = System.nanoTime();
        Thread.sleep(time.toMillis());
        double seconds = (System.nanoTime() - start) / 1e9;
        MonitorStats after = monitor.stats();
        return new MonitorSample(
                seconds,
                good(after) - good(before),
                after.failed() - before.failed(),
                after.lateTicks() + after.skippedTicks() - before.lateTicks() - before.skippedTicks(),
                Proc.cpuSeconds() - cpu,
                (after.parseTime().toNanos() - before.parseTime().toNanos()) / 1e9,
                (after.bytes() - before.bytes()) / 1e6);
    }

    private static long good(MonitorStats stats) {
        return stats.loadScrapes() + stats.wholeScrapes();
    }

    /** Of one core. */
    double cores() {
        return cpuSeconds / seconds;
    }

    double microsPerScrape() {
        return scrapes == 0 ? Double.NaN : cpuSeconds * 1e6 / scrapes;
    }

    double latePercent() {
        long ticks = scrapes + failed;
        return ticks == 0 ? 100 : 100.0 * late / ticks;
    }

    double kilobytesPerScrape() {
        return megabytes * 1000 / scrapes;
    }
}
