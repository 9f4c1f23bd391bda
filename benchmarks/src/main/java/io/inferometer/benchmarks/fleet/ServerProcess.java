package io.inferometer.benchmarks.fleet;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link PageServer} in a process of its own, gone after {@link #close}. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter commands;
    private final int port;

    private ServerProcess(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        this.commands = process.outputWriter(StandardCharsets.US_ASCII);
        this.port = Integer.parseInt(read());
    }

    /** A server for so many targets, each of which has so many different pages. */
    static ServerProcess start(int targets, int versions, Duration interval) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(List.of(
                        java.toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-XX:MaxDirectMemorySize=4g",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        PageServer.class.getName(),
                        Integer.toString(targets),
                        Integer.toString(versions),
                        Long.toString(interval.toMillis())))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new ServerProcess(process);
        } catch (IOException e) {
            process.destroy();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** The URL of a target. */
    String url(int target) {
        return "http://127.0.0.1:%d/%d".formatted(port, target);
    }

    double cpuSeconds() {
        return Proc.cpuSeconds(process.pid());
    }

    PageServer.Stats stats() {
        return ask("stats");
    }

    /** Gaps are counted anew from now on. */
    PageServer.Stats reset() {
        return ask("reset");
    }

    private PageServer.Stats ask(String command) {
        try {
            commands.write(command);
            commands.newLine();
            commands.flush();
            return PageServer.Stats.of(read());
        } catch (IOException e) {
            throw new UncheckedIOException("The page server does not answer.", e);
        }
    }

    private String read() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("The page server ended; what it said stands above.");
        }
        return line;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
