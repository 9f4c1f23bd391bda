package io.inferometer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeTest {
    private static final long SECOND = 1_000_000_000;

    private final Facts facts = new Facts(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    private EngineSnapshot snapshot;

    @BeforeEach
    void scrapeAnything() throws IOException {
        byte[] page = "# TYPE tgi_queue_size gauge\ntgi_queue_size 3\n".getBytes(StandardCharsets.UTF_8);
        try (CaptureServer server = new CaptureServer(Map.of("/metrics", page), "text/plain; version=0.0.4")) {
            snapshot = Collectors.forEngine("tgi").collect(server.url());
        }
    }

    /** 120 tokens; between the pages lay 8 s at least, 12 s at most. */
    @ParameterizedTest
    @CsvSource({"9.9, 1", "10, 0", "15, 0", "15.1, 1", "0, 1"})
    void aRateHasToLieWithinWhatTheClientsClockAllows(double perSecond, int failures) {
        Scrape before = new Scrape(snapshot, 0, 2 * SECOND);
        Scrape after = new Scrape(snapshot, 10 * SECOND, 12 * SECOND);

        after.judgeRate(facts, "any", "tokens/s", before, 120, perSecond);

        assertThat(facts.failed()).isEqualTo(failures);
    }

    @Test
    void aRateThatIsNotSaidIsAFailure() {
        Scrape scrape = new Scrape(snapshot, 0, SECOND);

        scrape.judgeRate(facts, "any", "tokens/s", scrape, 120, null);

        assertThat(facts.failed()).isEqualTo(1);
    }
}
