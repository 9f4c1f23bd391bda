package io.inferometer.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the shared folder, with the values that a person reads off them. */
class LlamaCppPagesTest {
    @Test
    void readsABuildOfAugust2025() {
        LlamaCppSnapshot page = read("2025-08");
        assertThat(page.token()).isEqualTo(new LlamaCppSnapshot.Token(5147L, null, 425L, 202.34, 30.163, null));
        assertThat(page.throughput()).isEqualTo(new LlamaCppSnapshot.Throughput(25.4374, 14.0901, 428L, 1.0));
        assertThat(page.request()).isEqualTo(new LlamaCppSnapshot.Request(0L, 0L));
        assertThat(page.cache()).isEqualTo(new LlamaCppSnapshot.Cache(null, null));
        assertThat(page.speculation()).isEqualTo(new LlamaCppSnapshot.Speculation(null, null, null, Map.of()));
        assertThat(page.metrics().load()).isEqualTo(new EngineMetrics.Load(0L, 0L, null, null, null, null));
        assertThat(page.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(5147L, 425L, null));
        assertThat(page.metrics().cache()).isEqualTo(new EngineMetrics.Cache(null, null, null, null, null, null, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-06", "b7090-b7192-json-escaped"})
    void readsABuildOfJune2026AndTheSamePageAsOneJsonString(String name) {
        LlamaCppSnapshot page = read(name);
        assertThat(page.token()).isEqualTo(new LlamaCppSnapshot.Token(2088L, null, 11982L, 3.426, 127.67, 1582L));
        assertThat(page.throughput()).isEqualTo(new LlamaCppSnapshot.Throughput(609.457, 93.8513, 6851L, 1.75347));
        assertThat(page.request()).isEqualTo(new LlamaCppSnapshot.Request(0L, 0L));
        assertThat(page.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(2088L, 11982L, null));
        assertThat(page.header().unreadableLines()).isZero();
    }

    @Test
    void readsZerosAsZerosOfABuildOfAugust2026() {
        LlamaCppSnapshot page = read("2026-08");
        assertThat(page.token()).isEqualTo(new LlamaCppSnapshot.Token(0L, 0L, 0L, 0.0, 0.0, 0L));
        assertThat(page.throughput()).isEqualTo(new LlamaCppSnapshot.Throughput(0.0, 0.0, 0L, 0.0));
        assertThat(page.speculation()).isEqualTo(new LlamaCppSnapshot.Speculation(0L, 0L, 0L, Map.of()));
        assertThat(page.metrics().load()).isEqualTo(new EngineMetrics.Load(0L, 0L, null, null, null, null));
        assertThat(page.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(0L, 0L, 0L));
        assertThat(page.metrics().cache()).isEqualTo(new EngineMetrics.Cache(null, null, null, null, 0L, 0L, null));
        assertThat(page.metrics().speculation()).isEqualTo(new EngineMetrics.Speculation(0L, 0L, 0L));
    }

    @Test
    void readsAMeanOfNothingAsAbsent() {
        LlamaCppSnapshot page = read("nan-before-b4733");
        assertThat(page.throughput()).isEqualTo(new LlamaCppSnapshot.Throughput(0.0, null, 0L, null));
        assertThat(page.token()).isEqualTo(new LlamaCppSnapshot.Token(0L, null, 0L, 0.0, 0.0, null));
        assertThat(page.request()).isEqualTo(new LlamaCppSnapshot.Request(null, null));
        assertThat(page.header().unreadableLines()).isZero();
    }

    private static LlamaCppSnapshot read(String name) {
        return GoldenPage.read(SharedFolder.pages("llamacpp").resolve(name + ".prom"))
                .readBy(new LlamaCppBackend());
    }
}
