package io.inferometer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofsTest {
    private static final List<String> BEFORE =
            List.of("tgi\tcapture\ttokens.prompt", "vllm\tlive\tload.asleep", "vllm\tlive\ttokens.prompt");

    private final Proofs proofs =
            new Proofs(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

    @TempDir
    private Path folder;

    @Test
    void aWholeRunReplacesWhatTheFileSaidOfItsEngine() throws IOException {
        proofs.of("vllm", Proofs.Witness.LIVE).same("any", "tokens.generated", 3, 3L);

        assertThat(written()).containsExactly("tgi\tcapture\ttokens.prompt", "vllm\tlive\ttokens.generated");
    }

    @Test
    void aRunThatSkippedSomethingReplacesOnlyWhatItJudged() throws IOException {
        Facts facts = proofs.of("vllm", Proofs.Witness.LIVE);
        facts.same("any", "tokens.generated", 3, 3L);
        facts.same("any", "tokens.prompt", 3, 4L);
        facts.skip("sleep", "left out");

        assertThat(written())
                .containsExactly(
                        "tgi\tcapture\ttokens.prompt", "vllm\tlive\tload.asleep", "vllm\tlive\ttokens.generated");
    }

    @Test
    void listsWhatDoesNotHoldWithItsEngineAndWitness() {
        proofs.of("vllm", Proofs.Witness.LIVE).same("any", "tokens.prompt", 3, 4L);
        proofs.of("tgi", Proofs.Witness.CAPTURE).same("any", "tokens.prompt", 3, 3L);

        assertThat(proofs.failures())
                .singleElement()
                .asString()
                .startsWith("vllm live")
                .contains("WRONG", "tokens.prompt", "client 3 | snapshot 4");
        assertThat(proofs.counts()).hasSize(2);
    }

    @Test
    void aFailureThatQuotesALogIsOneLineAllTheSame() {
        proofs.of("vllm", Proofs.Witness.LIVE)
                .that("two", "process", "it starts", "started", "died:\nat a\nat b", false);

        assertThat(proofs.failures()).singleElement().asString().endsWith("snapshot died:");
    }

    private List<String> written() throws IOException {
        Path file = Files.write(folder.resolve("proofs.tsv"), BEFORE);
        proofs.writeOver(file);
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }
}
