package io.inferometer.backend.tgi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inferometer.Collectors;
import io.inferometer.collect.EngineCollector;
import io.inferometer.collect.MetricsDisabledException;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.FakeEngine;
import io.inferometer.testkit.Ledger;
import org.junit.jupiter.api.Test;

/** TGI as a collector meets it. */
class TgiHttpTest {
    private static final String MODEL = "acme/tiny-7b";

    private final EngineCollector<TgiSnapshot> collector = Collectors.forBackend(new TgiBackend());

    @Test
    void readsAPageOfNoBytesAsAServerThatHasServedNothing() {
        try (FakeEngine engine = FakeEngine.start("tgi").withModel(MODEL)) {
            TgiSnapshot fresh = collectWithInfo(engine);
            assertThat(fresh.metrics().load()).isEqualTo(new EngineMetrics.Load(null, null, null, null, null, null));
            assertThat(fresh.metrics().requests().succeeded()).isNull();
            assertThat(fresh.metrics().models()).containsExactly(ModelInfo.named(MODEL, 8192L));
            assertThat(Collectors.detect(engine.url()).engine()).isEqualTo("tgi");
        }
    }

    @Test
    void agreesWithTheLedgerOfAServerUnderLoad() {
        try (FakeEngine engine = FakeEngine.start("tgi").withSlots(4)) {
            engine.serve(5).fail(2).abort(1).submit(6);
            Ledger ledger = engine.ledger();
            EngineMetrics metrics = collector.collect(engine.url()).metrics();
            assertThat(metrics.load().requestsRunning()).isEqualTo(4).isEqualTo(ledger.running());
            assertThat(metrics.load().requestsWaiting()).isEqualTo(2).isEqualTo(ledger.waiting());
            assertThat(metrics.requests().succeeded()).isEqualTo(5);
            assertThat(metrics.requests().failed()).isEqualTo(2);
            assertThat(metrics.requests().aborted()).isEqualTo(1);
            assertThat(metrics.tokens().generated()).isEqualTo(ledger.succeededGeneratedTokens());
        }
    }

    @Test
    void doesWithoutInfo() {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            engine.serve(1);
            engine.at("/info").failWith(500, "no", "text/plain");
            TgiSnapshot snapshot = collector.collect(engine.url());
            assertThat(snapshot.info()).isNull();
            assertThat(snapshot.metrics().models()).isEmpty();
            assertThat(snapshot.metrics().requests().succeeded()).isEqualTo(1);
            assertThat(engine.paths()).containsExactly("/metrics", "/info");
        }
    }

    @Test
    void asksForThePageAloneWhenToldTo() {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            engine.serve(1);
            assertThat(collector.withoutOptional().collect(engine.url()).info()).isNull();
            assertThat(engine.paths()).containsExactly("/metrics");
        }
    }

    @Test
    void saysWhichPortHasTheMetrics() {
        try (FakeEngine engine = FakeEngine.start("tgi")) {
            engine.page("acme_up 1\n".getBytes(UTF_8), "text/plain");
            MetricsDisabledException disabled =
                    catchThrowableOfType(MetricsDisabledException.class, () -> collector.collect(engine.url()));
            assertThat(disabled)
                    .hasMessage(
                            "%s/metrics answered a page without any family of TGI; found acme_up. TGI serves its metrics on its main port (--port, 80 in its image); --prometheus-port serves nothing."
                                    .formatted(engine.url()));
        }
    }

    /** What is optional gets a second at most, which a busy machine may need for the fake engine's first JSON. */
    private TgiSnapshot collectWithInfo(FakeEngine engine) {
        TgiSnapshot snapshot = collector.collect(engine.url());
        for (int more = 5; more > 0 && snapshot.info() == null; more--) {
            snapshot = collector.collect(engine.url());
        }
        return snapshot;
    }
}
