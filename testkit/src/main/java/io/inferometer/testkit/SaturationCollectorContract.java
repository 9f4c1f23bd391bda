package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.saturation.Availability;
import io.inferometer.saturation.Freshness;
import io.inferometer.saturation.FreshnessThresholds;
import io.inferometer.saturation.ReplicaEnricher;
import io.inferometer.saturation.ReplicaMetrics;
import io.inferometer.saturation.ReplicaReport;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SourceUnavailableException;
import io.inferometer.saturation.StaleReplicasException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link SaturationCollector} promises, over real engines' pages. Extend it and say how your source reads engines.
 *
 * <p>Each test starts its own {@link FakeEngine}s. A source reads them at its own pace; the contract asks it to let time pass,
 * by a clock of its own or by sleeping, so that a source with a server behind it can be held to the same.
 */
@Timeout(120)
public abstract class SaturationCollectorContract {
    private static final String MODEL = "served/model-1";
    private static final int SLOTS = 2;

    private final List<AutoCloseable> open = new ArrayList<>();

    /** A contract to be held to. */
    protected SaturationCollectorContract() {}

    /**
     * An engine, and what its source is told of it.
     *
     * @param name the replica's id, as the source will give it
     * @param engine the engine
     * @param labels such as model, namespace, variant, accelerator, zone, cost
     */
    public record Member(String name, FakeEngine engine, Map<String, String> labels) {
        /**
         * Copies the labels.
         *
         * @param name the replica's id
         * @param engine the engine
         * @param labels what is known of it
         */
        public Member {
            labels = Map.copyOf(labels);
        }
    }

    /** A source over some engines, used by one thread. */
    public interface Source extends AutoCloseable {
        /** A collector over it, with default options. */
        SaturationCollector collector();

        /** Returns once what each engine says now has been read, or failed to be. Some seconds may pass. */
        void read();

        /** Lets at least so much time pass, and not a second more, while engines are read as ever. */
        void pass(Duration time);

        @Override
        void close();
    }

    /** A source that reads these engines once a second, and has begun to. */
    protected abstract Source over(List<Member> members);

    /** A source that cannot be asked at all. */
    protected abstract Source unavailable();

    /** A source that takes half a minute to answer. */
    protected abstract Source hanging();

    /** Closes what the test opened. */
    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    @Test
    void givesOneReplicaForEachEngineThatServesTheModel() {
        FakeEngine busy = engine("vllm", MODEL).submit(5);
        FakeEngine idle = engine("vllm", MODEL);
        FakeEngine other = engine("vllm", "another/model").submit(9);
        Source source = opened(over(List.of(member("a", busy), member("b", idle), member("c", other))));
        source.read();

        List<ReplicaMetrics> replicas = sorted(source.collector().fetch(MODEL));

        assertThat(replicas).extracting(ReplicaMetrics::replicaId).containsExactly("a", "b");
        ReplicaMetrics a = replicas.get(0);
        assertThat(a.model()).isEqualTo(MODEL);
        assertThat(a.engine()).isEqualTo("vllm");
        assertThat(a.running()).isEqualTo(SLOTS);
        assertThat(a.queueDepth()).isEqualTo(5 - SLOTS);
        assertThat(a.kvCacheUsage()).isBetween(0.0, 1.0);
        assertThat(a.kvCapacityTokens()).isPositive();
        assertThat(a.tokensInUse()).isBetween(0L, a.kvCapacityTokens());
        assertThat(a.freshness()).isEqualTo(Freshness.FRESH);
        assertThat(a.age()).isBetween(Duration.ZERO, Duration.ofSeconds(30));
        assertThat(a.collectedAt()).isNotNull();
        assertThat(a.notes()).isEmpty();
        ReplicaMetrics b = replicas.get(1);
        assertThat(b.running()).isZero();
        assertThat(b.queueDepth()).isZero();
    }

    @Test
    void keepsThePeakOfTheQueueAndTheLatestRunning() {
        FakeEngine engine = engine("vllm", MODEL).submit(6);
        Source source = opened(over(List.of(member("a", engine))));
        source.read();
        engine.drain();
        source.read();

        ReplicaMetrics replica = source.collector().fetch(MODEL).get(0);

        assertThat(replica.queueDepth()).isEqualTo(6 - SLOTS); // A moment ago.
        assertThat(replica.running()).isZero(); // Now.
    }

    @Test
    void givesMeansOverTheRequestsOfTheWindow() {
        FakeEngine engine = engine("vllm", MODEL).serve(200, 10, 10); // So much that a rate is not cut off at zero.
        Source source = opened(over(List.of(member("a", engine))));
        source.read();
        source.read();
        engine.serve(4, 300, 20);
        source.read();

        ReplicaMetrics replica = source.collector().fetch(MODEL).get(0);

        assertThat(replica.averagePromptTokens()).isCloseTo(300, within(1e-6)); // 200 were before the window.
        assertThat(replica.averageGeneratedTokens()).isCloseTo(20, within(1e-6));
        assertThat(replica.requestsPerSecond()).isPositive();
        assertThat(replica.generatedTokensPerSecond()).isPositive();
        assertThat(replica.timeToFirstTokenSeconds()).isPositive();
    }

    @Test
    void knowsNoMeanWithoutRequestsInTheWindow() {
        Source source = opened(over(List.of(member("a", engine("vllm", MODEL)))));
        source.read();
        source.read();
        source.read();

        ReplicaMetrics replica = source.collector().fetch(MODEL).get(0);

        assertThat(replica.averagePromptTokens()).isNull(); // 0 / 0.
        assertThat(replica.timeToFirstTokenSeconds()).isNull();
        assertThat(replica.queueDepth()).isZero();
    }

    @Test
    void takesRanksForOneReplica() {
        FakeEngine engine = engine("vllm", MODEL).withRanks(2).submit(10);
        Source source = opened(over(List.of(member("a", engine))));
        source.read();

        List<ReplicaMetrics> replicas = source.collector().fetch(MODEL);

        assertThat(replicas).hasSize(1);
        assertThat(replicas.get(0).running())
                .isEqualTo(engine.ledger().running())
                .isEqualTo(2 * SLOTS);
        assertThat(replicas.get(0).queueDepth()).isEqualTo(engine.ledger().waiting());
        assertThat(replicas.get(0).kvCacheUsage()).isBetween(0.0, 1.0); // The fullest rank's, not the sum.
    }

    @Test
    void takesTheModelFromALabelWhereThePageHasNone() {
        FakeEngine engine = engine("tgi", "ignored").submit(1);
        Source source = opened(over(List.of(member("a", engine, "model", "tgi-model"))));
        source.read();

        List<ReplicaMetrics> replicas = source.collector().fetch("tgi-model");

        assertThat(replicas).extracting(ReplicaMetrics::replicaId).containsExactly("a");
        assertThat(replicas.get(0).engine()).isEqualTo("tgi");
        assertThat(replicas.get(0).kvCacheUsage()).isNull(); // TGI reports none, which is not zero.
    }

    @Test
    void prefersTheNameOnThePageToTheLabel() {
        Source source = opened(over(List.of(member("a", engine("vllm", MODEL), "model", "label"))));
        source.read();

        assertThat(source.collector().fetch(MODEL)).hasSize(1);
        assertThat(source.collector().fetch("label")).isEmpty();
    }

    @Test
    void leavesOutWhatIsOfAnotherNamespaceOrOfNone() {
        Source source = opened(over(List.of(
                member("a", engine("vllm", MODEL), "namespace", "prod"),
                member("b", engine("vllm", MODEL), "namespace", "test"),
                member("c", engine("vllm", MODEL)))));
        source.read();
        SaturationCollector collector = source.collector();

        assertThat(collector.fetch(MODEL, "prod"))
                .extracting(ReplicaMetrics::replicaId)
                .containsExactly("a");
        assertThat(collector.fetch(MODEL, "prod").get(0).namespace()).isEqualTo("prod");
        assertThat(collector.fetch(MODEL, "nowhere")).isEmpty();
        assertThat(collector.fetch(MODEL, null)).hasSize(3);
    }

    @Test
    void tellsWhatTheLabelsSay() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("variant", "h100-large");
        labels.put("accelerator", "H100");
        labels.put("zone", "eu-1");
        labels.put("cost", "2.5");
        Source source = opened(over(List.of(new Member("a", engine("vllm", MODEL), labels))));
        source.read();

        ReplicaMetrics replica = source.collector().fetch(MODEL).get(0);

        assertThat(replica.variant()).isEqualTo("h100-large");
        assertThat(replica.accelerator()).isEqualTo("H100");
        assertThat(replica.zone()).isEqualTo("eu-1");
        assertThat(replica.cost()).isEqualTo(2.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-model",
                "",
                "x\"} or {__name__=~\".+",
                "back\\slash",
                "line\nbreak",
                "'; drop",
                ".*",
                "ü"
            })
    void answersWithAnEmptyListWhenNoReplicaServesTheModel(String model) {
        Source source = opened(over(List.of(member("a", engine("vllm", MODEL)))));
        source.read();

        assertThat(source.collector().fetch(model)).isEmpty();
        Availability availability = source.collector().validate(model, null);
        assertThat(availability.status()).isEqualTo(Availability.Status.MISSING);
        assertThat(availability.remedy()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"quote\"d", "back\\slash", "brace}", "a=b,c", "sp ace", "ünïcode"})
    void findsAModelByWhateverName(String model) {
        Source source = opened(over(List.of(member("a", engine("vllm", model)), member("b", engine("vllm", MODEL)))));
        source.read();

        assertThat(source.collector().fetch(model))
                .extracting(ReplicaMetrics::replicaId)
                .containsExactly("a");
    }

    @Test
    void saysThatThereAreValues() {
        Source source = opened(over(List.of(member("a", engine("vllm", MODEL)))));
        source.read();

        Availability availability = source.collector().validate(MODEL, null);

        assertThat(availability.status()).isEqualTo(Availability.Status.AVAILABLE);
        assertThat(availability.reason()).contains(MODEL);
    }

    @Test
    void letsTheValuesOfADeadEngineGrowOldBesideThoseOfALiveOne() {
        FakeEngine dead = engine("vllm", MODEL).submit(5);
        Source source = opened(over(List.of(member("dead", dead), member("live", engine("vllm", MODEL)))));
        source.read();
        SaturationCollector collector = source.collector()
                .withFreshness(new FreshnessThresholds(Duration.ofSeconds(7), Duration.ofSeconds(18)))
                .withStaleAfter(Duration.ofSeconds(7));

        dead.close();
        source.pass(Duration.ofSeconds(9));
        List<ReplicaMetrics> later = sorted(collector.fetch(MODEL));
        source.pass(Duration.ofSeconds(10));
        List<ReplicaMetrics> latest = sorted(collector.fetch(MODEL));

        assertThat(later).extracting(ReplicaMetrics::replicaId).containsExactly("dead", "live");
        assertThat(later).extracting(ReplicaMetrics::freshness).containsExactly(Freshness.STALE, Freshness.FRESH);
        assertThat(later.get(0).queueDepth()).isEqualTo(5 - SLOTS); // The last that was known.
        assertThat(later.get(0).ready()).isNotEqualTo(true);
        assertThat(later.get(0).age()).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(18));
        assertThat(latest)
                .extracting(ReplicaMetrics::freshness)
                .containsExactly(Freshness.UNAVAILABLE, Freshness.FRESH);
    }

    @Test
    void throwsStaleOnlyWhenEveryReplicaIsTooOld() {
        FakeEngine first = engine("vllm", MODEL).submit(5);
        FakeEngine second = engine("vllm", MODEL);
        Source source = opened(over(List.of(member("a", first), member("b", second))));
        source.read();
        SaturationCollector collector = source.collector().withStaleAfter(Duration.ofSeconds(10));
        first.close();
        second.close();
        source.pass(Duration.ofSeconds(2));

        assertThat(collector.fetch(MODEL)).hasSize(2); // Old, and not too old.
        source.pass(Duration.ofSeconds(11));
        StaleReplicasException stale = thrown(StaleReplicasException.class, () -> collector.fetch(MODEL));

        assertThat(sorted(stale.replicas()))
                .extracting(ReplicaMetrics::replicaId)
                .containsExactly("a", "b");
        assertThat(sorted(stale.replicas()).get(0).queueDepth()).isEqualTo(5 - SLOTS);
        assertThat(stale).hasMessageContaining(MODEL).hasMessageContaining("10 s");
        assertThat(collector.validate(MODEL, null).status()).isEqualTo(Availability.Status.STALE);
        assertThat(collector.report(MODEL, null).replicas()).hasSize(2); // A report has no verdict.
        assertThat(collector.fetch("no-such-model")).isEmpty();
    }

    @Test
    void isUnavailableWhenTheSourceIs() {
        Source source = opened(unavailable());

        SourceUnavailableException gone = thrown(
                SourceUnavailableException.class, () -> source.collector().fetch(MODEL));

        assertThat(gone.getMessage()).isNotBlank();
        Availability availability = source.collector().validate(MODEL, null);
        assertThat(availability.status()).isEqualTo(Availability.Status.UNREACHABLE);
        assertThat(availability.reason()).isNotBlank();
    }

    @Test
    void givesUpAtItsDeadline() {
        Source source = opened(hanging());
        long start = System.nanoTime();

        thrown(
                SourceUnavailableException.class,
                () -> source.collector().withDeadline(Duration.ofMillis(300)).fetch(MODEL));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void canBeInterrupted() throws Exception {
        Source source = opened(hanging());
        SaturationCollector collector = source.collector().withDeadline(Duration.ofSeconds(25));
        List<Throwable> thrown = new ArrayList<>();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            thrown.add(thrown(SourceUnavailableException.class, () -> collector.fetch(MODEL)));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        caller.interrupt();
        caller.join(Duration.ofSeconds(10).toMillis());

        assertThat(caller.isAlive()).isFalse();
        assertThat(thrown).hasSize(1);
        assertThat(stillInterrupted).isTrue();
    }

    @Test
    void answersOnAnotherThread() throws Exception {
        Source source = opened(over(List.of(member("a", engine("vllm", MODEL)))));
        source.read();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        open.add(executor::shutdownNow);

        CompletableFuture<List<ReplicaMetrics>> found = source.collector().fetchAsync(MODEL, null, executor);

        assertThat(found.get(30, TimeUnit.SECONDS))
                .extracting(ReplicaMetrics::replicaId)
                .containsExactly("a");
    }

    @Test
    void tellsOfFailureOnAnotherThreadAndCanBeCancelled() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        open.add(executor::shutdownNow);
        CompletableFuture<List<ReplicaMetrics>> failed =
                opened(unavailable()).collector().fetchAsync(MODEL, null, executor);
        failed.handle((replicas, failure) -> null).get(30, TimeUnit.SECONDS);
        assertThat(failed).isCompletedExceptionally();

        CompletableFuture<List<ReplicaMetrics>> cancelled = opened(hanging())
                .collector()
                .withDeadline(Duration.ofSeconds(25))
                .fetchAsync(MODEL, null, executor);
        cancelled.cancel(true);
        CountDownLatch free = new CountDownLatch(1);
        executor.execute(free::countDown);

        assertThat(free.await(10, TimeUnit.SECONDS)).isTrue(); // The fetch has left its thread.
    }

    @Test
    void letsOthersAddWhatTheyKnow() {
        Source source = opened(over(List.of(member("a", engine("vllm", MODEL)))));
        source.read();
        ReplicaEnricher zones = report -> report.withReplicas(report.replicas().stream()
                .map(replica -> replica.toBuilder().zone("eu-9").build())
                .toList());
        ReplicaEnricher broken = report -> {
            throw new IllegalStateException("no rights to list pods");
        };

        ReplicaReport report =
                source.collector().withEnricher(broken).withEnricher(zones).report(MODEL, null);

        assertThat(report.replicas()).extracting(ReplicaMetrics::zone).containsExactly("eu-9");
    }

    private FakeEngine engine(String name, String model) {
        FakeEngine engine = FakeEngine.start(name).withModel(model).withSlots(SLOTS);
        open.add(engine);
        return engine;
    }

    private Source opened(Source source) {
        open.add(source);
        return source;
    }

    private static Member member(String name, FakeEngine engine) {
        return new Member(name, engine, Map.of());
    }

    private static Member member(String name, FakeEngine engine, String label, String value) {
        return new Member(name, engine, Map.of(label, value));
    }

    private static List<ReplicaMetrics> sorted(List<ReplicaMetrics> replicas) {
        return replicas.stream()
                .sorted(Comparator.comparing(ReplicaMetrics::replicaId))
                .toList();
    }

    private static <T extends Throwable> T thrown(Class<T> type, ThrowingCallable call) {
        T thrown = catchThrowableOfType(type, call);
        assertThat(thrown).as(type.getSimpleName()).isNotNull();
        return thrown;
    }
}
