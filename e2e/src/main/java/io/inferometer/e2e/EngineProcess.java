package io.inferometer.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An engine that runs as a process of ours, on loopback. It and what it started are ended by their ids when this is
 * closed, and when this program ends in whatever way it can notice.
 */
final class EngineProcess implements AutoCloseable {
    /** Exit codes of what a machine ended that lacks an instruction (SIGILL) or memory (SIGKILL). */
    private static final Set<Integer> BEYOND_THIS_MACHINE = Set.of(128 + 4, 128 + 9);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    private static final Set<EngineProcess> RUNNING = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private static final OkHttpClient HTTP =
            new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(2)).build();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(EngineProcess::kill)));
    }

    private final Process process;
    private final Path log;
    private final String url;

    private EngineProcess(Process process, Path log, String url) {
        this.process = process;
        this.log = log;
        this.url = url;
        RUNNING.add(this);
    }

    /** A port that is free now. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /**
     * Starts one and waits until it says that it is well.
     *
     * @param command the program and its arguments
     * @param environment what is added to ours
     * @param log where its output goes
     * @param url its address
     * @param healthPath answers 200 as soon as it is well
     * @param patience how long that may take
     * @throws NotStartedException when it ends before that, or takes longer
     */
    static EngineProcess start(
            List<String> command,
            Map<String, String> environment,
            Path log,
            String url,
            String healthPath,
            Duration patience)
            throws IOException, InterruptedException {
        Path folder = Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile()) // Python takes modules from where it is started, and ours has a "coverage".
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        EngineProcess started = new EngineProcess(builder.start(), log, url);
        long deadline = System.nanoTime() + patience.toNanos();
        while (!answers(url + healthPath)) {
            if (!started.process.isAlive() || System.nanoTime() - deadline > 0) {
                String why = started.process.isAlive()
                        ? "was not well after " + patience
                        : "ended with exit code " + started.process.exitValue();
                boolean beyond =
                        !started.process.isAlive() && BEYOND_THIS_MACHINE.contains(started.process.exitValue());
                started.close();
                throw new NotStartedException(
                        "%s %s. The end of its log:%n%s".formatted(command.get(0), why, started.tail()), beyond);
            }
            Thread.sleep(100);
        }
        return started;
    }

    String url() {
        return url;
    }

    /** CPU that it has used so far, without the processes it started. */
    Duration ownCpu() {
        return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** CPU that it and the processes it started have used so far; of those that have ended nothing is known. */
    Duration cpu() {
        return all().stream()
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Ends it as the kernel does when memory is short. */
    void kill() {
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(EngineProcess::awaitEnd);
        RUNNING.remove(this);
    }

    @Override
    public void close() {
        List<ProcessHandle> all = all();
        process.destroy();
        try {
            process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(EngineProcess::awaitEnd);
        RUNNING.remove(this);
    }

    /** The next engine needs the memory. */
    private static void awaitEnd(ProcessHandle handle) {
        handle.onExit()
                .completeOnTimeout(handle, STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    private List<ProcessHandle> all() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        return all;
    }

    private String tail() throws IOException {
        List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        return String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    }

    private static boolean answers(String url) {
        try (Response response =
                HTTP.newCall(new Request.Builder().url(url).build()).execute()) {
            return response.code() == 200;
        } catch (IOException e) {
            return false; // Not yet.
        }
    }

    /** The engine does not run here. */
    static final class NotStartedException extends IOException {
        private static final long serialVersionUID = 1;

        private final boolean beyondThisMachine;

        NotStartedException(String message, boolean beyondThisMachine) {
            super(message);
            this.beyondThisMachine = beyondThisMachine;
        }

        /** Skips where the engine is missing or this machine cannot run it; anything else is a fault to look at. */
        void tell(Facts facts, String what) {
            if (beyondThisMachine) {
                facts.skip(what, "it does not run on this machine: " + getMessage());
            } else {
                facts.that(what, "process", "it starts", "started", getMessage(), false);
            }
        }
    }
}
