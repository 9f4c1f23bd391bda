package io.inferometer.saturation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inferometer.Collectors;
import io.inferometer.fleet.EngineMonitor;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaturationConfigTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S",
        "500ms, PT0.5S",
        "1m30s, PT1M30S",
        "2h, PT2H",
        "1.5s, PT1.5S",
        "PT2M, PT2M",
        "' 10S ', PT10S",
        "0s, PT0S"
    })
    void readsDurationsAsPeopleWriteThem(String text, Duration duration) {
        assertThat(SaturationConfig.none().with("deadline", text).duration("deadline", Duration.ZERO))
                .isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "10", "-5s", "PT-5S", "5 s", "99999999999s"})
    void namesTheSettingThatIsNoDuration(String text) {
        SaturationConfig config = SaturationConfig.of(Map.of("stale-after", text));

        assertThatThrownBy(config::options)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The setting 'stale-after' is '" + text
                        + "', which is no duration. Write it like 30s, 500ms, 1m30s or PT30S.");
    }

    @Test
    void makesOptionsFromSettings() {
        SaturationOptions options = SaturationConfig.of(
                        Map.of("deadline", "3s", "stale-after", "90s", "fresh-below", "5s", "stale-below", "20s"))
                .options();

        assertThat(options.deadline()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.staleAfter()).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.freshness())
                .isEqualTo(new FreshnessThresholds(Duration.ofSeconds(5), Duration.ofSeconds(20)));
        assertThat(SaturationConfig.none().options()).isEqualTo(SaturationOptions.DEFAULTS);
    }

    @Test
    void keepsTheDefaultsThatWerePromised() {
        assertThat(SaturationOptions.DEFAULTS.staleAfter()).isEqualTo(Duration.ofMinutes(2));
        assertThat(SaturationOptions.DEFAULTS.deadline()).isEqualTo(Duration.ofSeconds(10));
        assertThat(FreshnessThresholds.DEFAULTS.freshBelow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(FreshnessThresholds.DEFAULTS.staleBelow()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void namesSettingsThatAreOutOfRange() {
        assertThatThrownBy(
                        () -> SaturationConfig.none().with("fresh-below", "10m").options())
                .hasMessage(
                        "The settings 'fresh-below' and 'stale-below' are PT10M and PT5M. The first must be more than zero, and not more than the second.");
        assertThatThrownBy(
                        () -> SaturationConfig.none().with("stale-after", "0s").options())
                .hasMessage("The setting 'stale-after' is zero. Write a duration such as 2m.");
        assertThatThrownBy(() -> SaturationOptions.DEFAULTS.withDeadline(Duration.ofSeconds(-1)))
                .hasMessageStartingWith("A deadline is zero or more; found PT-1S.");
        assertThatThrownBy(() -> SaturationOptions.DEFAULTS.withStaleAfter(Duration.ZERO))
                .hasMessageStartingWith("staleAfter must be more than zero; found PT0S.");
    }

    @Test
    void readsFlags() {
        SaturationConfig config = SaturationConfig.of(Map.of("on", "TRUE", "off", " false", "bad", "yes"));

        assertThat(config.flag("on", false)).isTrue();
        assertThat(config.flag("off", true)).isFalse();
        assertThat(config.flag("unset", true)).isTrue();
        assertThatThrownBy(() -> config.flag("bad", true))
                .hasMessage("The setting 'bad' is 'yes'. Write true or false.");
    }

    @Test
    void refusesASettingThatTheSourceDoesNotHave() {
        DirectSaturationFactory factory = new DirectSaturationFactory();

        assertThatThrownBy(() -> factory.create(SaturationConfig.none().with("stale-afer", "2m")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "The source 'direct' has no setting 'stale-afer'; it has deadline, stale-after, fresh-below, stale-below.");
        assertThatThrownBy(() -> factory.create(SaturationConfig.none()))
                .hasMessageStartingWith("The source 'direct' reads from an EngineMonitor, and none was given.");
    }

    @Test
    void makesADirectCollectorOverAMonitor() {
        try (EngineMonitor monitor = Collectors.monitor();
                SaturationCollector collector = new DirectSaturationFactory()
                        .create(SaturationConfig.of(monitor).with("stale-after", "90s"))) {
            assertThat(collector.source()).isEqualTo("direct");
            assertThat(collector.options().staleAfter()).isEqualTo(Duration.ofSeconds(90));
            assertThat(collector.fetch("m")).isEmpty(); // No target: no replicas yet.
        }
    }
}
