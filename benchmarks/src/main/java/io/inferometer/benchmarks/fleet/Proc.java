package io.inferometer.benchmarks.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux and the Java machine say of a process. Stateless. */
final class Proc {
    private static final Path SELF = Path.of("/proc/self");
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux of today.

    private Proc() {}

    /** CPU time of this process since it began, user and system, in seconds. */
    static double cpuSeconds() {
        return cpuSeconds(SELF);
    }

    /** The same of another process. */
    static double cpuSeconds(long pid) {
        return cpuSeconds(Path.of("/proc", Long.toString(pid)));
    }

    private static double cpuSeconds(Path process) {
        String stat = read(process.resolve("stat"));
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(behindName[11]) + Long.parseLong(behindName[12])) / TICKS_PER_SECOND;
    }

    /** What it holds in memory, heap and all, in bytes. */
    static long residentBytes() {
        return read(SELF.resolve("status"))
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Open files and sockets. */
    static int openFiles() {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(SELF.resolve("fd"))) {
            for (Path ignored : all) {
                count++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count;
    }

    static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    /** What is left on the heap after everything was collected that can be, in bytes. */
    static long heapAfterGc() {
        long least = Long.MAX_VALUE;
        for (int i = 0;
                i < 4;
                i++) { // Once is not enough: references are cleared first, and their owners go next time.
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Machine and JDK, as a result line names them. */
    static String machine() {
        String model = read(Path.of("/proc/cpuinfo"))
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return "%s, %d cores, JDK %s"
                .formatted(model, Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The fleet benchmarks read /proc and need Linux.", e);
        }
    }
}
