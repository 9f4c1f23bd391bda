package io.inferometer.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Captures of a real server against what its client had counted until then, by the {@code timings} of its responses.
 *
 * <p>Three results between {@code 04} and {@code 05} came without timings ({@code /v1/messages}, and the second results
 * of n = 2): {@code untimed} prompt, cached and generated tokens of theirs are on every page that follows. Requests in
 * a slot have been counted for their prompt already, as the slots say.
 */
class LlamaCppLedgerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SLOTS = 2;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # step            | untimed prompt | cached | generated
                    01-fresh          | 0              | 0      | 0
                    02-after-10-mixed | 0              | 0      | 0
                    03-quiet-a        | 0              | 0      | 0
                    04-quiet-b        | 0              | 0      | 0
                    05-load-s1        | 11             | 24     | 24
                    05-load-s3        | 11             | 24     | 24
                    05-load-s4        | 11             | 24     | 24
                    05-load-s6        | 11             | 24     | 24
                    06-after-load     | 11             | 24     | 24
                    21-spec           | 0              | 0      | 0
                    """)
    void countsTheTokensThatTheClientCounted(String step, long prompt, long cached, long generated) throws IOException {
        JsonNode totals = ledger(step).path("totals");
        long promptNow = 0;
        long cachedNow = 0;
        for (JsonNode slot : JSON.readTree(file(step, "slots.json").toFile())) {
            if (slot.path("is_processing").asBoolean()) {
                promptNow += slot.path("n_prompt_tokens_processed").asLong();
                cachedNow += slot.path("n_prompt_tokens_cache").asLong();
            }
        }
        long processed = totals.path("timings_prompt_n").asLong() + prompt + promptNow;
        long fromCache = totals.path("timings_cache_n").asLong() + cached + cachedNow;
        LlamaCppSnapshot snapshot = capture(step);
        assertThat(snapshot.token().promptTokensTotal()).isEqualTo(processed);
        assertThat(snapshot.token().promptTokensCachedTotal()).isEqualTo(fromCache);
        assertThat(snapshot.metrics().tokens())
                .isEqualTo(new EngineMetrics.Tokens(
                        processed + fromCache,
                        totals.path("timings_predicted_n").asLong() + generated,
                        fromCache));
        assertThat(snapshot.metrics().cache().prefixHits()).isEqualTo(fromCache);
        assertThat(snapshot.metrics().cache().prefixQueries()).isEqualTo(processed + fromCache);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01-fresh",
                "02-after-10-mixed",
                "03-quiet-a",
                "04-quiet-b",
                "05-load-s1",
                "05-load-s3",
                "05-load-s4",
                "05-load-s6",
                "06-after-load"
            })
    void holdsInFlightWhatTheClientHad(String step) throws IOException {
        JsonNode ledger = ledger(step);
        long inFlight = ledger.path("n_in_flight_before").asLong();
        assertThat(ledger.path("n_in_flight_after").asLong()).isEqualTo(inFlight);
        long running = Math.min(inFlight, SLOTS);
        LlamaCppSnapshot snapshot = capture(step);
        assertThat(snapshot.metrics().load())
                .isEqualTo(new EngineMetrics.Load(running, inFlight - running, null, null, null, null));
        assertThat(snapshot.slots()).isNotNull();
        assertThat(snapshot.slots().busy()).isEqualTo(running);
    }

    @ParameterizedTest
    @ValueSource(strings = {"02-after-10-mixed", "03-quiet-a", "04-quiet-b"})
    void tookAsLongAsTheTimingsSay(String step) throws IOException {
        JsonNode totals = ledger(step).path("totals");
        LlamaCppSnapshot.Token token = capture(step).token();
        assertThat(token.promptSecondsTotal())
                .isCloseTo(totals.path("timings_prompt_ms").asDouble() / 1000, withPercentage(0.1));
        assertThat(token.tokensPredictedSecondsTotal())
                .isCloseTo(totals.path("timings_predicted_ms").asDouble() / 1000, within(0.00001));
    }

    /** By the six requests of 150 tokens each that went to two slots. */
    @ParameterizedTest
    @CsvSource({"05-load-s1, 59, 133", "05-load-s3, 205, 279", "05-load-s4, 9, 83", "05-load-s6, 3, 77"})
    void saysLiveWhatTheSlotsDo(String step, long decoded, long used) {
        LlamaCppSlots slots = capture(step).slots();
        assertThat(slots).isNotNull();
        assertThat(slots.total()).isEqualTo(2);
        assertThat(slots.contextTokens()).isEqualTo(4096);
        assertThat(slots.decodedTokens()).isEqualTo(decoded);
        assertThat(slots.usedTokens()).isEqualTo(used);
        assertThat(slots.kvUsageEstimate()).isEqualTo(used / 4096.0);
    }

    @Test
    void countsTheTokensOfALoadWhenItsRequestsEnd() {
        long before = capture("05-load-s1").metrics().tokens().generated();
        assertThat(capture("05-load-s3").metrics().tokens().generated()).isEqualTo(before);
        assertThat(capture("05-load-s3").throughput().decodeTotal())
                .isGreaterThan(capture("05-load-s1").throughput().decodeTotal());
        assertThat(capture("06-after-load").metrics().tokens().generated()).isEqualTo(before + 6 * 150);
    }

    @Test
    void takesNoTokensOfIdleSlotsForUsed() {
        LlamaCppSlots slots = capture("06-after-load").slots();
        assertThat(slots).isNotNull();
        assertThat(slots.each()).extracting(LlamaCppSlots.Slot::promptTokens).containsExactly(186L, 186L);
        assertThat(slots.usedTokens()).isZero();
        assertThat(slots.kvUsageEstimate()).isZero();
        assertThat(slots.decodedTokens()).isZero();
    }

    @Test
    void knowsSlotsThatWereNeverUsed() {
        LlamaCppSlots slots = capture("01-fresh").slots();
        assertThat(slots).isNotNull();
        assertThat(slots.each())
                .containsExactly(
                        new LlamaCppSlots.Slot(0L, 2048L, false, null, null, null, null),
                        new LlamaCppSlots.Slot(1L, 2048L, false, null, null, null, null));
        assertThat(slots.busy()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01-fresh", "02-after-10-mixed", "06-after-load"})
    void namesTheModelAsTheServersFlagsDo(String step) {
        LlamaCppSnapshot snapshot = capture(step);
        assertThat(snapshot.props())
                .isEqualTo(
                        new LlamaCppProps("smollm2-135m", "SmolLM2-135M-Instruct.Q4_1.gguf", 2048L, 2L, "b1-7e4c0a9"));
        assertThat(snapshot.metrics().models()).containsExactly(ModelInfo.named("smollm2-135m", 2048L));
        assertThat(snapshot.header().engineVersion()).isEqualTo("b1-7e4c0a9");
    }

    @Test
    void countsSpeculationAsTheTimingsDo() throws IOException {
        JsonNode timings = ledger("21-spec").path("requests").path(0).path("timings");
        LlamaCppSnapshot snapshot = capture("21-spec");
        assertThat(snapshot.metrics().speculation())
                .isEqualTo(new EngineMetrics.Speculation(
                        12L,
                        timings.path("draft_n").asLong(),
                        timings.path("draft_n_accepted").asLong()));
        assertThat(snapshot.speculation().acceptedTokensByPosition())
                .isEqualTo(Map.of("0", 12L, "1", 12L, "2", 12L, "3", 11L));
        assertThat(snapshot.metrics().cache().hitRate()).isZero();
    }

    @Test
    void saysZeroOfAFreshServerWhereTheServerDoes() {
        LlamaCppSnapshot fresh = capture("01-fresh");
        assertThat(fresh.metrics().load()).isEqualTo(new EngineMetrics.Load(0L, 0L, null, null, null, null));
        assertThat(fresh.metrics().cache().hitRate()).isNull();
        assertThat(fresh.cache()).isEqualTo(new LlamaCppSnapshot.Cache(null, null));
    }

    private static LlamaCppSnapshot capture(String step) {
        GoldenPage page = GoldenPage.read(file(step, "metrics.prom"));
        for (String endpoint : new String[] {"slots", "props"}) {
            Path answer = file(step, endpoint + ".json");
            if (Files.exists(answer)) {
                page = page.withAnswer(endpoint, read(answer));
            }
        }
        return page.readBy(new LlamaCppBackend());
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new AssertionError("Cannot read " + file, e);
        }
    }

    private static JsonNode ledger(String step) throws IOException {
        return JSON.readTree(file(step, "truth.json").toFile());
    }

    private static Path file(String step, String what) {
        return SharedFolder.live("llamacpp").resolve(step + "." + what);
    }
}
