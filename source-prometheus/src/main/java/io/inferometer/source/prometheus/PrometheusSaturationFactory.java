package io.inferometer.source.prometheus;

import io.inferometer.saturation.SaturationCollector;
import io.inferometer.saturation.SaturationCollectorFactory;
import io.inferometer.saturation.SaturationConfig;
import io.inferometer.saturation.SaturationConfig.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the source {@code "prometheus"} from settings by name.
 *
 * <p>Stateless and safe to share.
 */
public final class PrometheusSaturationFactory implements SaturationCollectorFactory {
    private static final List<Setting> OWN = List.of(
            new Setting("url", "The server's base URL, such as http://prometheus:9090; required."),
            new Setting("token-file", "A file with a bearer token, which is read again when it changes."),
            new Setting("ca-cert", "A file with the authorities to trust, in PEM."),
            new Setting("cache-ttl", "How long answers are kept; 10s by default, 0s for not at all."),
            new Setting("window", "Over which peaks, means and rates are taken; 1m by default."),
            new Setting("scrape-interval", "How often the server reads its targets; 15s by default."),
            new Setting(
                    "model-label", "The target label that names the model, where series do not; model by default."));

    /** For {@link java.util.ServiceLoader}. */
    public PrometheusSaturationFactory() {}

    @Override
    public String name() {
        return PrometheusSaturationCollector.NAME;
    }

    @Override
    public List<Setting> settings() {
        List<Setting> all = new ArrayList<>(OWN);
        all.addAll(Setting.COMMON);
        return List.copyOf(all);
    }

    @Override
    public SaturationCollector create(SaturationConfig config) {
        config.requireOnly(name(), settings());
        String url = config.text("url");
        if (url == null || url.isEmpty()) {
            throw new IllegalArgumentException(
                    "The source 'prometheus' needs the setting 'url'. Set it to the server's address, such as http://prometheus:9090.");
        }
        PrometheusOptions server = PrometheusOptions.of(url);
        String tokenFile = config.text("token-file");
        if (tokenFile != null) {
            server = server.withTokenFile(Path.of(tokenFile));
        }
        String authorities = config.text("ca-cert");
        if (authorities != null) {
            server = server.withCaCertificate(Path.of(authorities));
        }
        QuerySettings queries = QuerySettings.DEFAULTS
                .withWindow(config.duration("window", QuerySettings.DEFAULTS.window()))
                .withScrapeInterval(config.duration("scrape-interval", QuerySettings.DEFAULTS.scrapeInterval()));
        String modelLabel = config.text("model-label");
        if (modelLabel != null) {
            queries = queries.withModelLabel(modelLabel);
        }
        Duration ttl = config.duration("cache-ttl", CacheOptions.DEFAULTS.queryTtl());
        PrometheusSettings settings = PrometheusSettings.DEFAULTS
                .withQueries(queries)
                .withCache(CacheOptions.DEFAULTS.withQueryTtl(ttl))
                .reachingBack(config.options().freshness());
        return PrometheusSaturationCollector.of(server, settings).withOptions(config.options());
    }
}
