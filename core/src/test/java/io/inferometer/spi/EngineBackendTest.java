package io.inferometer.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.snapshot.EngineSnapshot;
import java.io.IOException;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class EngineBackendTest {
    /** Nothing but what has to be said. */
    private static final class PlainBackend implements EngineBackend<EngineSnapshot> {
        @Override
        public String name() {
            return "plain";
        }

        @Override
        public String title() {
            return "Plain";
        }

        @Override
        public String versions() {
            return "all";
        }

        @Override
        public MetricTable table() {
            return MetricTable.empty();
        }

        @Override
        public boolean recognizes(Page page) {
            return true;
        }

        @Override
        public EngineSnapshot read(Scrape scrape) throws IOException {
            throw new IOException("nothing to read");
        }
    }

    @Test
    void whatABackendNeedNotSayHasAPlainDefault() throws IOException {
        PlainBackend backend = new PlainBackend();
        Buffer body = new Buffer();
        assertThat(backend.aliases()).isEmpty();
        assertThat(backend.endpoints()).containsExactly(Endpoint.METRICS);
        assertThat(backend.recognizesJson(new byte[0])).isFalse();
        assertThat(backend.emptyPageIsFresh()).isFalse();
        assertThat(backend.unwrap(body)).isSameAs(body);
        assertThat(backend.remedy(404, "")).isNull();
        assertThat(backend.remedyForMissingFamilies()).isNull();
    }

    @Test
    void everyCommonFieldHasAPathOfItsOwn() {
        assertThat(CommonField.values()).extracting(CommonField::path).doesNotHaveDuplicates();
        assertThat(CommonField.KV_USAGE.path()).isEqualTo("cache.kv_usage");
        assertThat(CommonField.KV_USAGE.kind()).isEqualTo(CommonField.Kind.RATIO);
    }
}
