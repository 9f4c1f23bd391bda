package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
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
    void pagesThatComeOftenAreReadOverAConnectionOfTheirOwn() {
        for (int i = 0; i < 6; i++) {
            engine.answersPage("acme:running " + i + "\n");
            assertThat(watch.collect().metrics().load().requestsRunning()).isEqualTo(i);
        }
        Map<Integer, Integer> requestsByConnection = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            RecordedRequest asked = engine.asked();
            requestsByConnection.merge(asked.getConnectionIndex(), 1, Integer::sum);
            assertThat(asked.getHeaders().get("Accept")).isEqualTo("text/plain;version=0.0.4,*/*;q=0.1");
            assertThat(asked.getHeaders().get("Accept-Encoding")).isEqualTo("identity");
            assertThat(asked.getHeaders().get("User-Agent")).isEqualTo("inferometer");
            assertThat(asked.getHeaders().get("Host")).isEqualTo(engine.hostAndPort());
        }
        assertThat(requestsByConnection).containsExactly(Map.entry(0, 2), Map.entry(1, 4)); // Twice is not yet often.
    }

    @Test
    void whatGoesWrongThereIsAskedAgainAndSaidAsEver() {
        engine.answersPage("acme:running 1\n").answersPage("acme:running 2\n").answersPage("acme:running 3\n");
        watch.collect();
        watch.collect();
        watch.collect();
        engine.answers(500, "busy").answers(500, "busy");
        assertThatExceptionOfType(EngineRefusedException.class)
                .isThrownBy(watch::collect)
                .withMessageContaining("answered 500 ('busy')");
        engine.answersPage("acme:running 4\n");
        assertThat(watch.collect().metrics().load().requestsRunning()).isEqualTo(4);
    }

    @Test
    void aPageOfAnotherKindIsAskedForAgain() {
        engine.answersPage("acme:running 1\n").answersPage("acme:running 2\n");
        watch.collect();
        watch.collect();
        engine.answers(Engine.json("{}")).answersPage("acme:running 3\n");
        assertThat(watch.collect().metrics().load().requestsRunning()).isEqualTo(3);
    }

    @Test
    void aUsersOwnClientIsAlwaysAsked() {
        List<String> seen = new ArrayList<>();
        OkHttpClient own = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    seen.add(chain.request().url().encodedPath());
                    return chain.proceed(chain.request());
                })
                .build();
        try (WatchedTarget other = acme.withClient(own).watch(engine.url())) {
            for (int i = 0; i < 5; i++) {
                engine.answersPage("acme:running 1\n");
                other.collect();
            }
        }
        assertThat(seen).hasSize(5);
    }

    @Test
    void anEngineThatHangsThereTimesOutAsEver() {
        try (WatchedTarget impatient = acme.withTimeout(Duration.ofSeconds(3)).watch(engine.url())) {
            for (int i = 0; i < 3; i++) {
                engine.answersPage("acme:running 1\n");
                impatient.collect();
            }
            engine.answers(new MockResponse.Builder().onRequestStart(SocketEffect.Stall.INSTANCE));
            assertThatExceptionOfType(EngineTimedOutException.class)
                    .isThrownBy(impatient::collect)
                    .withMessageContaining("within 3 s");
        }
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
