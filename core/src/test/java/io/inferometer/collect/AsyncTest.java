package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AsyncTest {
    private final EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend());
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        engine = new Engine();
    }

    @AfterEach
    void stop() {
        executor.shutdownNow();
        engine.close();
    }

    @Test
    void theScrapeRunsOnTheCallersExecutor() throws Exception {
        engine.answersPage(Engine.PAGE);
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<AcmeBackend.Snapshot> future = acme.collectAsync(
                Target.of(engine.url()),
                task -> executor.execute(() -> {
                    thread.set(Thread.currentThread());
                    task.run();
                }));
        assertThat(future.get().metrics().load().requestsRunning()).isEqualTo(3);
        assertThat(thread.get()).isNotNull().isNotEqualTo(Thread.currentThread());
    }

    @Test
    void aFailureCompletesTheFuture() {
        engine.answers(500, "");
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() ->
                        acme.collectAsync(Target.of(engine.url()), executor).get())
                .withCauseInstanceOf(EngineRefusedException.class);
    }

    @Test
    void cancellingCancelsTheCall() throws Exception {
        engine.answers(new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE));
        AtomicReference<Call> call = new AtomicReference<>();
        OkHttpClient watched = new OkHttpClient.Builder()
                .eventListener(new EventListener() {
                    @Override
                    public void callStart(Call started) {
                        call.set(started);
                    }
                })
                .build();
        CompletableFuture<? extends EngineSnapshot> future =
                acme.withClient(watched).collectAsync(Target.of(engine.url()), executor);
        engine.asked();
        long start = System.nanoTime();
        assertThat(future.cancel(true)).isTrue();
        assertThat(future).isCancelled();
        executor.shutdown();
        assertThat(executor.awaitTermination(5, TimeUnit.SECONDS))
                .as("the thread is free again")
                .isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(call.get().isCanceled()).isTrue();
        assertThat(future.cancel(true)).isTrue(); // Already.
    }

    @Test
    void cancelledBeforeItsTurnNothingIsAsked() {
        List<Runnable> waiting = new ArrayList<>();
        CompletableFuture<? extends EngineSnapshot> future = acme.collectAsync(Target.of(engine.url()), waiting::add);
        assertThat(future.cancel(false)).isTrue();
        waiting.forEach(Runnable::run);
        assertThat(engine.server().getRequestCount()).isZero();
    }

    @Test
    void aCallThatBeginsAfterTheCancelIsCancelledToo() {
        ActiveCall active = new ActiveCall();
        active.cancel();
        Call call = new OkHttpClient()
                .newCall(new okhttp3.Request.Builder().url(engine.url()).build());
        active.is(call::cancel);
        assertThat(call.isCanceled()).isTrue();
    }

    @Test
    void cancellingWhatIsDoneDoesNothing() throws Exception {
        engine.answersPage(Engine.PAGE);
        CompletableFuture<AcmeBackend.Snapshot> future = acme.collectAsync(Target.of(engine.url()), executor);
        AcmeBackend.Snapshot snapshot = future.get();
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.get()).isSameAs(snapshot);
    }

    @Test
    void theDetectingCollectorWorksSoToo() throws Exception {
        engine.answersPage(Engine.PAGE);
        AutoCollector auto = new AutoCollector(List.of(new AcmeBackend()));
        assertThat(auto.collectAsync(Target.of(engine.url()), executor).get().engine())
                .isEqualTo("acme");
    }
}
