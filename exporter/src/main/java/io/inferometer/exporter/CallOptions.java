package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.collect.MetricsCollector;
import io.inferometer.collect.Target;
import io.inferometer.collect.UnknownEngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How engines are asked: the options of every command that asks one. */
final class CallOptions {
    /** The name that stands for whichever engine answers. */
    static final String AUTO = "auto";

    private static final Pattern HEADER = Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*[=:]\\s*(.*?)\\s*");

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "Give up on an engine after this long (5s, 500ms, 1m30s, PT5S); 10s by default.")
    @Nullable
    Duration timeout;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "Send a header with each request ('NAME: VALUE' is read too); may be repeated.")
    List<String> headers = new ArrayList<>();

    /** A collector for the engine that was named, with these options. */
    MetricsCollector collector(String engine) {
        try {
            MetricsCollector collector =
                    engine.strip().equalsIgnoreCase(AUTO) ? Collectors.auto() : Collectors.forEngine(engine);
            if (timeout != null) {
                collector = collector.withTimeout(timeout);
            }
            for (String header : headers) {
                collector = withHeader(collector, header);
            }
            return collector;
        } catch (UnknownEngineException | IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    static Target target(String url) {
        try {
            return Target.of(url);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private static MetricsCollector withHeader(MetricsCollector collector, String header) {
        Matcher parts = HEADER.matcher(header);
        if (!parts.matches()) {
            throw Failure.usage("A header is written NAME=VALUE, such as --header X-Tenant=blue.");
        }
        return collector.withHeader(parts.group(1), parts.group(2));
    }
}
