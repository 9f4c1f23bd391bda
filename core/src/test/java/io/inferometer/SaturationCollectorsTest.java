package io.inferometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.fleet.EngineMonitor;
import io.inferometer.saturation.DirectSaturationFactory;
import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SaturationCollectorFactory;
import io.inferometer.saturation.SaturationConfig;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaturationCollectorsTest {
    @ParameterizedTest
    @ValueSource(strings = {"direct", "epp", " Direct ", "EPP"})
    void findsTheDirectSourceByEachOfItsNames(String name) {
        assertThat(SaturationCollectors.named(name)).isInstanceOf(DirectSaturationFactory.class);
        assertThat(SaturationCollectors.names()).contains("direct");
    }

    @Test
    void saysWhichArtifactHoldsThePrometheusSource() {
        assertThatThrownBy(() -> SaturationCollectors.named("Prometheus"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "No source of saturation named 'Prometheus' on the class path; found direct. Add the dependency 'io.inferometer:inferometer-source-prometheus', or pass one of the names found.");
    }

    @Test
    void saysWhichSourcesThereAre() {
        assertThatThrownBy(() -> SaturationCollectors.named("datadog"))
                .hasMessage(
                        "No source of saturation named 'datadog' on the class path; found direct. Pass one of the names found.");
    }

    @Test
    void refusesTwoSourcesOfOneName() {
        assertThatThrownBy(() -> SaturationSources.byName(List.of(new DirectSaturationFactory(), new Impostor())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Two sources of saturation are called 'direct': io.inferometer.saturation.")
                .hasMessageEndingWith("Remove one from the class path.");
        assertThat(SaturationSources.byName(List.of(new DirectSaturationFactory(), new DirectSaturationFactory())))
                .hasSize(1);
    }

    @Test
    void readsFromAMonitorDirectly() {
        try (EngineMonitor monitor = Collectors.monitor();
                SaturationCollector collector = SaturationCollectors.direct(monitor)) {
            assertThat(collector.source()).isEqualTo("direct");
        }
    }

    private static final class Impostor implements SaturationCollectorFactory {
        @Override
        public String name() {
            return "direct";
        }

        @Override
        public Set<String> aliases() {
            return Set.of();
        }

        @Override
        public List<SaturationConfig.Setting> settings() {
            return List.of();
        }

        @Override
        public SaturationCollector create(SaturationConfig config) {
            throw new UnsupportedOperationException();
        }
    }
}
