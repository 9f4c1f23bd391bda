package io.inferometer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FactsTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Facts facts = new Facts(new PrintStream(printed, true, StandardCharsets.UTF_8));

    @Test
    void aFieldThatWasNeverAnythingButZeroIsNotProven() {
        facts.same("fresh", "memory.vram_bytes", 0, 0L);
        facts.near("fresh", "cache.kv_usage", "idle", 0, 0.0, 0);
        facts.always("fresh", "load.asleep", "awake", false, false);
        facts.absent("fresh", "adapters.waiting_adapters", "unknown", null);

        assertThat(facts.failures()).isEmpty();
        assertThat(facts.provenFields()).isEmpty();
        assertThat(facts.unprovenFields())
                .containsExactly("adapters.waiting_adapters", "cache.kv_usage", "load.asleep", "memory.vram_bytes");
    }

    @Test
    void aFieldThatMovedIsProvenByThatAndItsZerosStillHaveToHold() {
        facts.same("fresh", "tokens.prompt", 0, 0L);
        facts.same("mixed", "tokens.prompt", 7, 7L);
        facts.same("mixed", "tokens.generated", 7, 7L);
        facts.same("drained", "tokens.generated", 0, 1L);

        assertThat(facts.provenFields()).containsExactly("tokens.prompt");
        assertThat(facts.failedFields()).containsExactly("tokens.generated");
    }

    @Test
    void saysAbsentWhereNothingWasSaid() {
        facts.same("mixed", "tokens.prompt", 7, null);

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("WRONG", "client 7 | snapshot absent | equal");
    }
}
