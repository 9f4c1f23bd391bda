package io.inferometer.benchmarks.fleet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The program in {@code benchmarks/peers/scrape}. Stateless. */
final class GoLoop {
    /**
     * What it did, and what that took.
     *
     * @param completed good scrapes
     * @param failed failed scrapes
     * @param cpuSeconds CPU time of the process, user and system
     * @param seconds how long it was counted
     */
    record Result(long completed, long failed, double cpuSeconds, double seconds) {
        double microsPerScrape() {
            return cpuSeconds * 1e6 / completed;
        }
    }

    private GoLoop() {}

    static Result run(String program, int port, int targets, Duration interval, Duration warmup, Duration measured)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        program,
                        "-url",
                        "http://127.0.0.1:%d/%%d/metrics".formatted(port),
                        "-targets",
                        Integer.toString(targets),
                        "-interval",
                        interval.toMillis() + "ms",
                        "-warmup",
                        warmup.toMillis() + "ms",
                        "-duration",
                        measured.toMillis() + "ms")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String json = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("%s ended with %d".formatted(program, process.exitValue()));
        }
        return new Result(
                (long) number(json, "completed"),
                (long) number(json, "failed"),
                number(json, "cpu_seconds"),
                number(json, "seconds"));
    }

    private static double number(String json, String name) throws IOException {
        Matcher found = Pattern.compile("\"" + name + "\":([-+.0-9eE]+)").matcher(json);
        if (!found.find()) {
            throw new IOException("No %s in '%s'".formatted(name, json));
        }
        return Double.parseDouble(found.group(1));
    }
}
