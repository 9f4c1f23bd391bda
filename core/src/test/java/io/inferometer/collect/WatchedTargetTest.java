package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.io.IOException;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchedTargetTest {
    private final EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend());
    private Engine engine;
    private WatchedTarget watch;

    @BeforeEach
    void start() throws IOException {
        engine = new Engine();
        watch = acme.watch(engine.url());
    }

    @AfterEach
    void stop() {
        watch.close();
        engine.close();
    }

    @Test
    void eachScrapeReadsThePageOfNow() {
        engine.answersPage("acme:running 3\n").answersPage("acme:running 4\n");
        assertThat(watch.collect().metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(watch.collect(EnumSet.of(MetricGroup.LOAD)).metrics().load().requestsRunning())
                .isEqualTo(4);
    }

    @Test
    void anErrorIsThrownAndTheNextScrapeIsANewOne() {
        engine.answers(500, "").answersPage("acme:running 4\n");
        assertThatExceptionOfType(EngineRefusedException.class).isThrownBy(watch::collect);
        assertThat(watch.collect().metrics().load().requestsRunning()).isEqualTo(4);
    }

    @Test
    void knowsWhenTheEngineBeganToAnswer() {
        assertThat(watch.answeredNanos()).isNull();
        engine.answers(new MockResponse.Builder()
                .body("acme:running 3\n".repeat(20))
                .throttleBody(150, 300, TimeUnit.MILLISECONDS)); // 300 bytes: half at once, half later.
        long before = System.nanoTime();
        watch.collect();
        long after = System.nanoTime();
        assertThat(watch.answeredNanos()).isNotNull().satisfies(answered -> {
            assertThat(answered - before).isPositive();
            assertThat(after - answered).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
        });
    }

    @Test
    void cancellingBreaksOffTheScrapeThatRuns() throws Exception {
        engine.answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE));
        CompletableFuture<EngineSnapshot> scrape = CompletableFuture.supplyAsync(watch::collect);
        engine.asked();
        watch.cancel();
        assertThatThrownBy(scrape::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(EngineUnreachableException.class);
    }

    @Test
    void twoScrapesAtOnceAreRefused() {
        engine.answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE));
        CompletableFuture<EngineSnapshot> scrape = CompletableFuture.supplyAsync(watch::collect);
        engine.asked();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(watch::collect)
                .withMessageContaining("is running");
        watch.close();
        assertThatThrownBy(scrape::get).isInstanceOf(ExecutionException.class);
    }

    @Test
    void aClosedWatchReadsNothing() {
        watch.close();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(watch::collect)
                .withMessageContaining("is closed");
    }
}
