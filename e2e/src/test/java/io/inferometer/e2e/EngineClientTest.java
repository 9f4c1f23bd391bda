package io.inferometer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.e2e.Answer.Outcome;
import io.inferometer.e2e.Answer.Timings;
import io.inferometer.e2e.EngineClient.OpenRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client that judges has to count right itself. */
class EngineClientTest {
    private final MockWebServer server = new MockWebServer();
    private EngineClient client;

    @BeforeEach
    void start() throws IOException {
        server.start();
        String url = server.url("/").toString();
        client = new EngineClient(url.substring(0, url.length() - 1));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void readsAWholeAnswer() {
        answer(200, """
                {"choices":[{"text":"a","finish_reason":"length"},{"text":"b","finish_reason":"stop"}],
                 "usage":{"prompt_tokens":7,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":3}},
                 "timings":{"prompt_n":4,"cache_n":3,"predicted_n":9}}""");

        Answer answer = client.ask(Ask.completion("whole", "m", "hello", 9));

        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(answer.promptTokens()).isEqualTo(7);
        assertThat(answer.cachedTokens()).isEqualTo(3);
        assertThat(answer.generatedTokens()).isEqualTo(9);
        assertThat(answer.finishReasons()).containsExactly("length", "stop");
        assertThat(answer.timings()).isEqualTo(new Timings(4, 3, 9));
        assertThat(answer.firstTokenSeconds()).isNull();
        assertThat(client.ledger().finishReasons()).isEqualTo(Map.of("length", 1L, "stop", 1L));
    }

    @Test
    void readsAStreamAndCountsItsGaps() {
        answer(200, """
                data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

                data: {"choices":[{"delta":{"content":"a"}}]}

                data: {"choices":[{"delta":{"content":"b"}}]}

                data: {"choices":[{"delta":{"content":"c"}}]}

                data: {"choices":[{"delta":{},"finish_reason":"length"}]}

                data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}}

                data: [DONE]

                """);

        Answer answer = client.ask(Ask.chat("streamed", "m", "hello", 3).streamed());

        assertThat(answer.outcome()).isEqualTo(Outcome.DONE);
        assertThat(answer.generatedTokens()).isEqualTo(3);
        assertThat(answer.gapSeconds()).hasSize(2);
        assertThat(answer.firstTokenSeconds()).isNotNull().isPositive();
        assertThat(answer.wholeSeconds()).isGreaterThanOrEqualTo(answer.gapSum());
        assertThat(answer.finishReasons()).containsExactly("length");
    }

    @Test
    void tellsWhatWasRefusedFromWhatWasAnswered() {
        answer(400, "{\"error\":{\"message\":\"too long\"}}");
        answer(200, "data: {\"error\":{\"message\":\"overloaded\"}}\n\n");

        assertThat(client.ask(Ask.completion("refused", "m", "x", 1)).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(client.ask(Ask.completion("refused late", "m", "x", 1).streamed())
                        .outcome())
                .isEqualTo(Outcome.REFUSED);
        assertThat(client.ledger().done()).isEmpty();
        assertThat(client.ledger().count(Outcome.REFUSED)).isEqualTo(2);
    }

    @Test
    void goesAwayInTheMiddle() throws InterruptedException {
        server.enqueue(new MockResponse.Builder()
                .body("data: {\"choices\":[{\"text\":\"a\"}]}\n\n".repeat(100))
                .throttleBody(40, 50, TimeUnit.MILLISECONDS)
                .build());

        OpenRequest open = client.open(Ask.completion("left", "m", "x", 100).streamed());
        Eventually.get(open::pieces, pieces -> pieces >= 2, Duration.ofSeconds(10));
        open.abort();

        assertThat(open.await().outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(open.pieces()).isBetween(2, 99);
    }

    @Test
    void keepsTheProofsOfWhatWasNotJudgedNow() throws IOException {
        java.nio.file.Path file = java.nio.file.Files.createTempFile("proofs", ".tsv");
        java.nio.file.Files.writeString(file, "# head\ntgi\tcapture\ttokens.prompt\nvllm\tlive\ttokens.prompt\n");
        Proofs proofs = new Proofs(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        Facts facts = proofs.of("vllm", Proofs.Witness.LIVE);
        facts.same("s", "tokens.generated", 3, 3L);
        facts.same("s", "tokens.prompt", 3, 3L);
        facts.same("t", "tokens.prompt", 3, null);
        facts.same("t", "no field", 3, 3L);

        proofs.writeOver(file);

        List<String> lines = java.nio.file.Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertThat(lines).containsExactly("tgi\tcapture\ttokens.prompt", "vllm\tlive\ttokens.generated");
        assertThat(proofs.failed()).isEqualTo(1);
        java.nio.file.Files.delete(file);
    }

    private void answer(int status, String body) {
        server.enqueue(new MockResponse.Builder().code(status).body(body).build());
    }
}
