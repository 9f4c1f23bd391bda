package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class LoggingTest {
    private static final String BAD = "acme:running 3\nacme:running{ 4\n";

    private final EngineCollector<AcmeBackend.Snapshot> acme = new EngineCollector<>(new AcmeBackend());
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        engine = new Engine();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void unreadableLinesAreOneWarningForEachTargetAndCause() throws IOException {
        try (LogCapture log = LogCapture.warnings(MetricsCollector.class);
                Engine other = new Engine()) {
            for (int i = 0; i < 3; i++) {
                engine.answersPage(BAD);
                acme.withUserAgent("copy" + i).collect(engine.url() + "?token=secret" + i);
            }
            engine.answersPage("acme:running 3\nacme:running 0x4\n");
            acme.collect(engine.url());
            other.answersPage(BAD);
            acme.collect(other.url());
            other.answersPage(Engine.PAGE);
            acme.collect(other.url());
            List<String> lines = log.lines();
            assertThat(lines).hasSize(3).allMatch(line -> line.contains("WARN"));
            assertThat(lines.get(0))
                    .endsWith(engine.url() + "/metrics: 1 unreadable lines were skipped; the first is line 2: expected"
                            + " a label name, ',' or '}', found '4'. Said once for this target and cause.");
            assertThat(lines.get(1)).contains(engine.url() + "/metrics: 1 unreadable lines");
            assertThat(lines.get(2)).contains(other.url() + "/metrics: 1 unreadable lines");
        }
    }

    @Test
    void eachFetchIsADebugLineWithoutSecrets() {
        try (LogCapture log = LogCapture.debug(MetricsCollector.class)) {
            engine.answersPage(Engine.PAGE).answers(500, "");
            String secret = engine.url().replace("http://", "http://user:secret@") + "/metrics?token=secret";
            acme.withHeader("X-Key", "secret").collect(secret);
            acme.tryCollect(Target.of(secret));
            List<String> lines = log.lines();
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).matches(".*DEBUG.*GET " + engine.url() + "/metrics: 200, 15 bytes, \\d+ ms");
            assertThat(lines.get(1)).matches(".*DEBUG.*GET " + engine.url() + "/metrics: 500");
            assertThat(lines).noneMatch(line -> line.contains("secret"));
        }
    }

    @Test
    void whatIsThrownIsNotLoggedAsWell() {
        try (LogCapture log = LogCapture.warnings(MetricsCollector.class)) {
            engine.answers(500, "").answersPage("vllm:x 1\n").answersPage("{{{\n");
            for (int i = 0; i < 3; i++) {
                assertThat(acme.tryCollect(Target.of(engine.url())).success()).isFalse();
            }
            assertThat(log.lines()).isEmpty();
        }
    }
}
