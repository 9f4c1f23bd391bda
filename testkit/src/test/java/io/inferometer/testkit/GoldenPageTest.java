package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inferometer.parser.PageFormat;
import io.inferometer.snapshot.EngineSnapshot;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenPageTest {
    private static final Path TOY = Path.of("src/test/resources/pages/toy");

    @Test
    void isReadAsIfScrapedAtAFixedTime() {
        EngineSnapshot busy = GoldenPage.read(TOY.resolve("busy.prom")).readBy(new ToyBackend());
        assertThat(busy.collectedAt()).hasToString("2026-01-01T00:00:00Z");
        assertThat(busy.header().endpoint()).hasToString("http://engine:8000/metrics");
        assertThat(busy.metrics().load().requestsRunning()).isEqualTo(5);
        assertThat(busy.metrics().requests().succeeded()).isEqualTo(41);
        assertThat(busy.byRank()).containsOnlyKeys("0", "1");
    }

    @Test
    void takesAnswersFromItsFolder() {
        GoldenPage page = GoldenPage.read(TOY.resolve("with-answer"));
        assertThat(page.answers()).containsOnlyKeys("version");
        assertThat(page.readBy(new ToyBackend()).header().engineVersion()).isEqualTo("7.1");
    }

    @Test
    void losesTheFamilyInWhichItWasCut() {
        String text = "toy_done_total 41\ntoy_running 5\ntoy_running{rank=\"1\"} 3\n";
        GoldenPage cut = GoldenPage.of("cut", text).cutAfter(text.indexOf(" 3\n"));
        EngineSnapshot seen = cut.readBy(new ToyBackend());
        assertThat(seen.metrics().requests().succeeded()).isEqualTo(41);
        assertThat(seen.metrics().load().requestsRunning()).isNull();
        assertThat(cut.name()).isEqualTo("cut cut after 53");
    }

    @Test
    void endsWhereItEnds() {
        GoldenPage shorter = GoldenPage.of("page", "toy_done_total 41\n").endingAfter(16);
        assertThat(shorter.readBy(new ToyBackend()).metrics().requests().succeeded())
                .isEqualTo(4);
    }

    @Test
    void isOpenMetricsWhenItEndsSo() {
        assertThat(GoldenPage.of("a", "toy_running 1\n# EOF\n").format()).isEqualTo(PageFormat.OPENMETRICS);
        assertThat(GoldenPage.of("a", "toy_running 1\n").format()).isEqualTo(PageFormat.TEXT);
        assertThat(GoldenPage.of("a", "").format()).isEqualTo(PageFormat.TEXT);
    }

    @Test
    void isFoundAmongResources() {
        GoldenPage page = GoldenPage.resource(ToyBackend.class, "/pages/toy/busy.prom");
        assertThat(page.name()).isEqualTo("busy");
        assertThat(page.needsGolden()).isTrue();
        assertThat(page.golden()).contains("\"engine\": \"toy\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoldenPage.resource(ToyBackend.class, "/pages/none.prom"))
                .withMessage(
                        "No resource '/pages/none.prom' near io.inferometer.testkit.ToyBackend. Is it under src/test/resources?");
    }

    @Test
    void saysHowToGetAGolden(@TempDir Path elsewhere) {
        assertThatIllegalStateException()
                .isThrownBy(() -> GoldenPage.of("new", "toy_running 1\n").golden())
                .withMessage(
                        "The page new has no golden. Run the test once with UPDATE_GOLDEN=1, and read what it wrote.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GoldenPage.inFolder(elsewhere))
                .withMessage("No recording in " + elsewhere + ".");
    }

    @Test
    void keepsRawSamplesWhenAsked() {
        EngineSnapshot raw =
                GoldenPage.of("a", "toy_running 1\nother 2\n").withRawMetrics().readBy(new ToyBackend());
        assertThat(raw.rawMetrics()).hasSize(1);
    }
}
