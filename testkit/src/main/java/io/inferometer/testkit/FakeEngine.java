package io.inferometer.testkit;

import io.inferometer.testkit.FakeRequest.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An engine without a model: a real HTTP server on loopback that speaks one engine's dialect, whose numbers move with
 * simulated requests.
 *
 * <pre>{@code
 * try (FakeEngine engine = FakeEngine.start("vllm")) {
 *     engine.serve(3).submit(6);
 *     EngineSnapshot now = Collectors.forEngine("vllm").collect(engine.url());
 *     assertThat(now.metrics().load().requestsRunning()).isEqualTo(engine.ledger().running());
 * }
 * }</pre>
 *
 * <p>Thread-safe. Its clock stands still until {@link #advance} moves it, or {@link #inRealTime} lets it run; requests
 * of random size come from a seeded generator, so that the same calls give the same numbers. {@link #ledger()} tells
 * what it did, page by page what it says. It starts and ends its server's threads only.
 */
public final class FakeEngine implements AutoCloseable {
    private static final int PATHS_KEPT_MAX = 1000;
    private static final int SLOTS = 4;
    private static final long SEED = 42;

    /** Held, so that its level stays: it tells of each server that it starts. */
    private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

    static {
        SERVER_LOG.setLevel(Level.WARNING);
    }

    private final String engine;
    private final Dialect dialect;
    private final MockWebServer server;
    private final Faults everywhere = new Faults();
    private final Map<String, Faults> byPath = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    // Guarded by lock.
    private Simulation simulation;
    private String model;
    private int ranks = 1;
    private int slots = SLOTS;
    private long seed = SEED;
    private double load;
    private boolean realTime;
    private long lastNanos;
    private @Nullable String token;
    private final Deque<String> paths = new ArrayDeque<>();
    private final Set<Integer> connections = new HashSet<>();
    private Headers lastHeaders = Headers.EMPTY;
    private long requests;

    private FakeEngine(String engine, Dialect dialect, MockWebServer server) {
        this.engine = engine;
        this.dialect = dialect;
        this.server = server;
        this.model = dialect.model();
        this.simulation = freshSimulation();
    }

    /**
     * Starts an engine on a free port of the loopback interface.
     *
     * @param engine {@code "vllm"}, {@code "tgi"}, {@code "sglang"}, {@code "llamacpp"} or {@code "ollama"}
     * @return the engine, idle and fresh; close it
     * @throws IllegalArgumentException when there is no such fake engine
     */
    public static FakeEngine start(String engine) {
        return start(engine, new MockWebServer());
    }

    /**
     * Starts an engine that speaks HTTPS.
     *
     * @param engine as for {@link #start(String)}
     * @param tls shows the engine's certificate
     * @param clientCertificate whether clients must show one too
     * @return the engine, idle and fresh; close it
     * @throws IllegalArgumentException when there is no such fake engine
     */
    public static FakeEngine startWithTls(String engine, SSLSocketFactory tls, boolean clientCertificate) {
        MockWebServer server = new MockWebServer();
        server.useHttps(tls);
        if (clientCertificate) {
            server.requireClientAuth();
        }
        return start(engine, server);
    }

    /** The engines that can be started, by name. */
    public static List<String> engines() {
        return Dialect.ENGINES;
    }

    private static FakeEngine start(String engine, MockWebServer server) {
        FakeEngine fake = new FakeEngine(engine, Dialect.of(engine), server);
        server.setDispatcher(fake.new Desk());
        try {
            server.start(InetAddress.getLoopbackAddress(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on loopback", e);
        }
        return fake;
    }

    /** Which engine it plays. */
    public String engine() {
        return engine;
    }

    /** Its base URL, without a slash at the end. */
    public String url() {
        String url = server.url("/").toString();
        return url.substring(0, url.length() - 1);
    }

    /** The port on which it listens. */
    public int port() {
        return server.getPort();
    }

    /** The name of the model that it serves. */
    public String model() {
        synchronized (lock) {
            return model;
        }
    }

    /** Serves a model of this name. Begins anew, as {@link #restart} does. */
    public FakeEngine withModel(String name) {
        synchronized (lock) {
            model = name;
            return restart();
        }
    }

    /**
     * Runs on so many data-parallel ranks, each with its own slots; engines that know no ranks show their sum. Begins
     * anew, as {@link #restart} does.
     */
    public FakeEngine withRanks(int count) {
        synchronized (lock) {
            ranks = requirePositive("ranks", count);
            return restart();
        }
    }

    /** Runs so many requests at once on each rank; 4 by default. Begins anew, as {@link #restart} does. */
    public FakeEngine withSlots(int perRank) {
        synchronized (lock) {
            slots = requirePositive("slots", perRank);
            return restart();
        }
    }

    /** Draws other random requests. Begins anew, as {@link #restart} does. */
    public FakeEngine withSeed(long number) {
        synchronized (lock) {
            seed = number;
            return restart();
        }
    }

    /** Answers 401 to requests without {@code Authorization: Bearer …} of this token. */
    public FakeEngine withToken(String bearerToken) {
        synchronized (lock) {
            token = bearerToken;
            return this;
        }
    }

    /**
     * Lets requests arrive by themselves as time is advanced, a few per hundred of which fail or are aborted. Four slots
     * can serve about three a second; when the queue is long, clients hold back.
     *
     * @param requestsPerSecond on average; 0 for none
     */
    public FakeEngine withLoad(double requestsPerSecond) {
        synchronized (lock) {
            load = requestsPerSecond;
            simulation.arrivals(requestsPerSecond);
            return this;
        }
    }

    /** From now on its clock runs: each answer and each look at the ledger moves it by the time since the last. */
    public FakeEngine inRealTime() {
        synchronized (lock) {
            realTime = true;
            lastNanos = System.nanoTime();
            return this;
        }
    }

    /** Serves so many requests of random size to their end, one after the other. */
    public FakeEngine serve(int count) {
        return each(count, Ending.STOP, true);
    }

    /** Serves so many requests of this size to their end, one after the other. */
    public FakeEngine serve(int count, int promptTokens, int generatedTokens) {
        return each(count, promptTokens, generatedTokens, true);
    }

    /** Takes so many requests that end in an error half way, one after the other. */
    public FakeEngine fail(int count) {
        return each(count, Ending.FAILED, true);
    }

    /** Takes so many requests whose clients leave half way, one after the other. */
    public FakeEngine abort(int count) {
        return each(count, Ending.ABORTED, true);
    }

    /** Takes so many requests of random size, all at once: what finds a slot runs, the others wait. */
    public FakeEngine submit(int count) {
        return each(count, Ending.STOP, false);
    }

    /** Takes so many requests of this size, all at once: what finds a slot runs, the others wait. */
    public FakeEngine submit(int count, int promptTokens, int generatedTokens) {
        return each(count, promptTokens, generatedTokens, false);
    }

    /** Moves its clock: prompts are processed at 2000 tokens a second, tokens generated at 50 a second and request. */
    public FakeEngine advance(Duration time) {
        synchronized (lock) {
            simulation.advance(time);
            return this;
        }
    }

    /** Moves its clock until nothing runs and nothing waits. */
    public FakeEngine drain() {
        synchronized (lock) {
            simulation.drain();
            return this;
        }
    }

    /** Begins anew: all counts at 0, another start time, the same options. */
    public FakeEngine restart() {
        synchronized (lock) {
            simulation = freshSimulation();
            return this;
        }
    }

    /** What it did since it started, on all ranks. */
    public Ledger ledger() {
        synchronized (lock) {
            catchUp();
            return simulation.ledger();
        }
    }

    /** What one rank did since the engine started. */
    public Ledger ledger(int rank) {
        synchronized (lock) {
            catchUp();
            return simulation.ranks().get(rank).ledger();
        }
    }

    /** Faults of one path alone, such as {@code "/info"}; while it has any, those of all paths do not count there. */
    public Faults at(String path) {
        return byPath.computeIfAbsent(path, unused -> new Faults());
    }

    /** Answers these bytes for {@code /metrics} instead of its own page. */
    public FakeEngine page(byte[] page, String contentType) {
        at("/metrics").answer(page, contentType);
        return this;
    }

    /** Waits before each answer. */
    public FakeEngine delay(Duration time) {
        everywhere.delay(time);
        return this;
    }

    /** Answers this to everything. */
    public FakeEngine failWith(int status, String body, String contentType) {
        everywhere.failWith(status, body, contentType);
        return this;
    }

    /** Answers 200 and a login page to everything. */
    public FakeEngine answerHtml() {
        everywhere.answerHtml();
        return this;
    }

    /** Answers 302 to everything. */
    public FakeEngine redirectTo(String url) {
        everywhere.redirectTo(url);
        return this;
    }

    /**
     * Compresses all answers.
     *
     * @param forced even for clients that do not accept it
     */
    public FakeEngine gzip(boolean forced) {
        everywhere.gzip(forced);
        return this;
    }

    /** Breaks connections after so many bytes of a body that was announced longer, or whose last chunk is missing. */
    public FakeEngine truncateAfter(int bytes) {
        everywhere.truncateAfter(bytes);
        return this;
    }

    /** Sends bodies no faster than this. */
    public FakeEngine slowly(long bytesPerSecond) {
        everywhere.slowly(bytesPerSecond);
        return this;
    }

    /** Breaks connections instead of answering. */
    public FakeEngine dropConnections() {
        everywhere.dropConnections();
        return this;
    }

    /** Ends all faults, those of single paths too. */
    public FakeEngine heal() {
        everywhere.heal();
        byPath.clear();
        return this;
    }

    /** How many requests came over HTTP. */
    public long requests() {
        synchronized (lock) {
            return requests;
        }
    }

    /** What was asked for, path and query, oldest first; the last thousand. */
    public List<String> paths() {
        synchronized (lock) {
            return List.copyOf(paths);
        }
    }

    /** The headers of the last request; none before the first. */
    public Headers lastHeaders() {
        synchronized (lock) {
            return lastHeaders;
        }
    }

    /** Over how many connections requests came. */
    public int connections() {
        synchronized (lock) {
            return connections.size();
        }
    }

    /** Stops listening; connections that are open are closed. */
    @Override
    public void close() {
        server.close();
    }

    @Override
    public String toString() {
        return "fake " + engine + " at " + url();
    }

    private FakeEngine each(int count, Ending ending, boolean toTheEnd) {
        synchronized (lock) {
            catchUp();
            for (int i = 0; i < count; i++) {
                simulation.submit(ending);
                drainIf(toTheEnd);
            }
            return this;
        }
    }

    private FakeEngine each(int count, int promptTokens, int generatedTokens, boolean toTheEnd) {
        requirePositive("promptTokens", promptTokens);
        requirePositive("generatedTokens", generatedTokens);
        synchronized (lock) {
            catchUp();
            for (int i = 0; i < count; i++) {
                simulation.submit(promptTokens, generatedTokens, Ending.STOP);
                drainIf(toTheEnd);
            }
            return this;
        }
    }

    private void drainIf(boolean wanted) {
        if (wanted) {
            simulation.drain();
        }
    }

    private Simulation freshSimulation() {
        Simulation fresh = new Simulation(model, ranks, slots, seed, dialect.bounds(), Instant.now());
        fresh.arrivals(load);
        lastNanos = System.nanoTime();
        return fresh;
    }

    private void catchUp() {
        if (realTime) {
            long now = System.nanoTime();
            simulation.advance(Duration.ofNanos(now - lastNanos));
            lastNanos = now;
        }
    }

    private Answer answer(RecordedRequest request) {
        synchronized (lock) {
            catchUp();
            String authorization = request.getHeaders().get("Authorization");
            boolean open = token == null || ("Bearer " + token).equals(authorization);
            return open ? dialect.answer(request.getUrl(), simulation) : dialect.unauthorized();
        }
    }

    private void note(RecordedRequest request) {
        synchronized (lock) {
            requests++;
            lastHeaders = request.getHeaders();
            connections.add(request.getConnectionIndex());
            paths.add(request.getTarget());
            if (paths.size() > PATHS_KEPT_MAX) {
                paths.remove();
            }
        }
    }

    private Faults faultsOf(String path) {
        Faults own = byPath.get(path);
        return own != null && own.any() ? own : everywhere;
    }

    private static int requirePositive(String name, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more, but is " + number);
        }
        return number;
    }

    /** Where requests come in. */
    private final class Desk extends Dispatcher {
        @Override
        public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            server.takeRequest(0, TimeUnit.MILLISECONDS); // It keeps them all otherwise.
            note(request);
            String accepted = request.getHeaders().get("Accept-Encoding");
            boolean acceptsGzip = accepted != null && accepted.contains("gzip");
            return faultsOf(request.getUrl().encodedPath()).applyTo(answer(request), acceptsGzip);
        }
    }
}
