package io.inferometer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says about speed is what was measured. */
class ReportTest {
    private static final Path RESULTS = Path.of("results.csv");
    private static final Path README = Path.of("..", "README.md");

    @Test
    void theReadmeSaysWhatWasMeasured() throws IOException {
        String readme = Files.readString(README, StandardCharsets.UTF_8);

        assertThat(readme).as("run benchmarks/report --write").isEqualTo(Report.into(readme, Results.read(RESULTS)));
    }

    @Test
    void anotherFigureWouldBeSeen(@TempDir Path directory) throws IOException {
        String readme = Files.readString(README, StandardCharsets.UTF_8);
        Path changed = directory.resolve("results.csv");
        Files.writeString(
                changed,
                Files.readString(RESULTS, StandardCharsets.UTF_8)
                        .replaceAll("(?m)^vllm,FULL,(\\d+),", "vllm,FULL,$1,9"));

        assertThat(Report.into(readme, Results.read(changed))).isNotEqualTo(readme);
    }

    @Test
    void resultsSurviveTheirFile(@TempDir Path directory) throws IOException {
        Path copy = directory.resolve("copy.csv");
        Results.read(RESULTS).write(copy);

        assertThat(copy).hasSameTextualContentAs(RESULTS);
    }

    @Test
    void aDocumentWithoutThePlaceIsRefused() {
        assertThatThrownBy(() -> Report.into("# README", Results.read(RESULTS)))
                .hasMessageContaining("performance: written by benchmarks/report");
    }
}
