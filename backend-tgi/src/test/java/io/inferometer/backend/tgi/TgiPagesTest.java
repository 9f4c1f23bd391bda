package io.inferometer.backend.tgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.testkit.GoldenPage;
import io.inferometer.testkit.SharedFolder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pages of the shared folder, with the values that a person reads off them. */
class TgiPagesTest {
    @Test
    void readsThePageWithEveryFamily() {
        TgiSnapshot page = read(SharedFolder.pages("tgi").resolve("v3.3.7-RECONSTRUCTED.prom"));
        EngineMetrics metrics = page.metrics();
        assertThat(metrics.load()).isEqualTo(new EngineMetrics.Load(2L, 0L, null, 2L, 5210L, null));
        assertThat(metrics.requests())
                .isEqualTo(new EngineMetrics.Requests(null, 38L, 3L, null, Map.of("validation", 2L, "overloaded", 1L)));
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(62866L, 8525L, null));
        assertThat(metrics.speculation()).isEqualTo(new EngineMetrics.Speculation(null, null, 42L));

        require(page.request().requestDurationSeconds(), 38, 196.8858159486503);
        require(page.request().validationDurationSeconds(), 38, 0.08538328805918674);
        require(page.request().queueDurationSeconds(), 38, 1.6178765646544442);
        require(page.request().inferenceDurationSeconds(), 38, 195.18255609593672);
        require(page.request().meanTimePerTokenSeconds(), 38, 0.8309400666208224);
        require(page.generation().inputLength(), 40, 62866);
        require(page.generation().generatedTokens(), 38, 8525);
        require(page.generation().maxNewTokens(), 40, 20480);
        assertThat(page.request().requestCount()).isEqualTo(43);
        assertThat(page.request().failureTotal()).isEqualTo(3);

        // Rank 19 of 38 lies 5/6 into the bucket (0.0291929, 0.0437894], which holds the 15th to the 20th.
        assertThat(page.request().queueDurationSeconds().quantile(0.5)).isCloseTo(0.0413566452, within(1e-9));
        // Rank 19 of 38 lies halfway into the bucket (204.8, 245.76], which holds the 18th to the 21st.
        assertThat(page.generation().generatedTokens().quantile(0.5)).isCloseTo(225.28, within(1e-9));
    }

    @Test
    void readsTheCallsToTheModelOfThatPage() {
        TgiSnapshot page = read(SharedFolder.pages("tgi").resolve("v3.3.7-RECONSTRUCTED.prom"));
        TgiSnapshot.Batch batch = page.batch();
        assertThat(batch.inferenceCount()).isEqualTo(Map.of("decode", 900L, "prefill", 24L));
        assertThat(batch.inferenceSuccess()).isEqualTo(Map.of("decode", 900L, "prefill", 24L));
        assertThat(batch.inferenceFailure()).isEmpty();
        assertThat(batch.concatCount()).isEqualTo(Map.of("chunking", 14L));
        require(batch.inferenceDurationSeconds().get("prefill"), 24, 3.0866165125203002);
        require(batch.inferenceDurationSeconds().get("decode"), 900, 18.27019666771522);
        require(batch.forwardDurationSeconds().get("prefill"), 24, 2.932285686894285);
        require(batch.forwardDurationSeconds().get("decode"), 900, 16.99128290097513);
        require(batch.decodeDurationSeconds().get("decode"), 900, 0.5399999999999969);
        require(batch.filterDurationSeconds().get("prefill"), 24, 0.0007199999999999999);
        require(batch.concatDurationSeconds(), 14, 0.015400000000000002);
        require(batch.nextSize(), 24, 35);

        Distribution skipped = page.speculation().skippedTokens();
        assertThat(skipped.kind()).isEqualTo(Distribution.Kind.SUMMARY);
        assertThat(skipped.quantile(0.9)).isEqualTo(1.9997591259255698);
        assertThat(skipped.quantile(0.75)).isNull();
        assertThat(page.speculation().tokensLive()).isEqualTo(78);
        assertThat(page.speculation().meanTokensPerStep()).isCloseTo(2.1666666666, within(1e-9));
    }

    @Test
    void readsTheFragmentsOfATutorial() {
        TgiSnapshot page = read(SharedFolder.pages("tgi").resolve("gke-tutorial-fragments.prom"));
        assertThat(page.request().requestCount()).isEqualTo(1);
        assertThat(page.batch().inferenceCount()).isEqualTo(Map.of("decode", 292L, "prefill", 1L));
        assertThat(page.metrics().load()).isEqualTo(new EngineMetrics.Load(null, null, null, null, null, null));
        assertThat(page.metrics().requests()).isEqualTo(new EngineMetrics.Requests(null, null, null, null, Map.of()));
    }

    @Test
    void readsTheExcerptOfAnotherServerThatSpeaksItsNames() {
        TgiSnapshot page = read(SharedFolder.pages("tgi").resolve("ibm-vllm-adapter-excerpt.prom"));
        assertThat(page.metrics().load()).isEqualTo(new EngineMetrics.Load(0L, 0L, null, 0L, null, null));
        Distribution prefill = page.batch().inferenceDurationSeconds().get("{'method': 'prefill'}");
        assertThat(prefill.bucketBounds())
                .containsExactly(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10);
        assertThat(prefill.bucketCounts()).containsExactly(0, 0, 0, 0, 112, 211, 214, 214, 215, 215, 215, 215, 215);
        assertThat(prefill.count()).isNull(); // The excerpt ends before it.
        assertThat(page.header().unreadableLines()).isZero();
    }

    @Test
    void readsThePageOfOldDocuments() {
        TgiSnapshot page = read(SharedFolder.folder("pages", "documents", "tgi-as-documented.prom"));
        assertThat(page.request().successTotal()).isEqualTo(250);
        assertThat(page.request().failureTotal()).isEqualTo(3);
        assertThat(page.request().requestCount()).isEqualTo(253);
        assertThat(page.request().queueSize()).isEqualTo(5);
        requireValue(page.request().meanTimePerTokenSeconds(), 0.015);
        requireValue(page.request().validationDurationSeconds(), 0.002);
        requireValue(page.request().queueDurationSeconds(), 0.050);
        requireValue(page.request().inferenceDurationSeconds(), 1.2);
        requireValue(page.generation().inputLength(), 128);
        requireValue(page.generation().generatedTokens(), 256);
        assertThat(page.generation().generatedTokensTotal()).isEqualTo(64000);
        requireValue(page.generation().maxNewTokens(), 512);
        assertThat(page.generation().batchCurrentSize()).isEqualTo(8);
        assertThat(page.generation().batchCurrentMaxTokens()).isEqualTo(2048);
    }

    @Test
    void readsTheCommonWordsOfThePageOfOldDocuments() {
        EngineMetrics metrics = read(SharedFolder.folder("pages", "documents", "tgi-as-documented.prom"))
                .metrics();
        assertThat(metrics.load()).isEqualTo(new EngineMetrics.Load(8L, 5L, null, 8L, 2048L, null));
        assertThat(metrics.requests()).isEqualTo(new EngineMetrics.Requests(null, 250L, 3L, null, Map.of()));
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(null, 64000L, null));
        requireValue(metrics.latency().queue(), 0.050);
        assertThat(metrics.latency().endToEnd()).isNull();
    }

    private static TgiSnapshot read(Path page) {
        return GoldenPage.read(page).readBy(new TgiBackend());
    }

    private static void require(Distribution found, long count, double sum) {
        assertThat(found).isNotNull();
        assertThat(found.count()).isEqualTo(count);
        assertThat(found.sum()).isEqualTo(sum);
    }

    private static void requireValue(Distribution found, double mean) {
        assertThat(found).isNotNull();
        assertThat(found.kind()).isEqualTo(Distribution.Kind.VALUE);
        assertThat(found.mean()).isEqualTo(mean);
        assertThat(found.count()).isNull();
        assertThat(found.quantile(0.99)).isNull();
    }
}
