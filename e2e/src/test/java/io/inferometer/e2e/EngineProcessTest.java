package io.inferometer.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineProcessTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Facts facts = new Facts(new PrintStream(printed, true, StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    @Test
    void skipsWhatDiesOfAnIllegalInstruction() {
        start("kill -ILL $$").tell(facts, "engine");

        assertThat(facts.skipped()).isEqualTo(1);
        assertThat(facts.failed()).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("does not run on this machine");
    }

    @Test
    void failsWhatDoesNotStartForAnotherReason() {
        start("echo unknown flag; exit 2").tell(facts, "engine");

        assertThat(facts.skipped()).isZero();
        assertThat(facts.failed()).isEqualTo(1);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("WRONG", "exit code 2", "unknown flag");
    }

    private EngineProcess.NotStartedException start(String script) {
        return catchThrowableOfType(
                EngineProcess.NotStartedException.class,
                () -> EngineProcess.start(
                        List.of("sh", "-c", script),
                        Map.of(),
                        folder.resolve("engine.log"),
                        "http://127.0.0.1:" + EngineProcess.freePort(),
                        "/health",
                        Duration.ofSeconds(20)));
    }
}
