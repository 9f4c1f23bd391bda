package io.inferometer.backend.vllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.spi.Scrape;
import io.inferometer.testkit.GoldenPage;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Pages read at a given moment, and tables of what a person reads off them.
 *
 * <p>A table has one line for each value: a JSON pointer, {@code =}, and a number, a sum or quotient of numbers as they
 * stand on the page, a text in quotes, a list in brackets, or {@code absent}.
 */
final class Readings {
    /** After every stamp on the pages that vLLM's own code generated. */
    static final Instant NOVEMBER_2026 = Instant.parse("2026-11-24T00:00:00Z");

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final double RELATIVE_ERROR_MAX = 1e-12;

    private Readings() {}

    static VllmSnapshot read(GoldenPage page, Instant at) {
        VllmBackend backend = new VllmBackend();
        return backend.read(new Scrape(
                "vllm",
                "engine:8000",
                URI.create("http://engine:8000/metrics"),
                Map.of(),
                at,
                Duration.ofMillis(3),
                page.pageFor(backend),
                page.answers(),
                false));
    }

    static VllmSnapshot read(String text) {
        return read(GoldenPage.of("page", text), GoldenPage.COLLECTED_AT);
    }

    static JsonNode json(VllmSnapshot snapshot) {
        try {
            return MAPPER.readTree(MAPPER.writeValueAsString(snapshot));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void requireAll(VllmSnapshot snapshot, String table) {
        JsonNode json = json(snapshot);
        for (String line : table.strip().lines().toList()) {
            int at = line.indexOf(" = ");
            assertThat(at).as("No ' = ' in the line: " + line).isPositive();
            require(json, line.substring(0, at).strip(), line.substring(at + 3).strip());
        }
    }

    private static void require(JsonNode json, String pointer, String expected) {
        JsonNode found = json.at(pointer);
        if (expected.equals("absent")) {
            assertThat(found.isMissingNode())
                    .as(pointer + " should be absent, is " + found)
                    .isTrue();
        } else if (expected.startsWith("[") || expected.startsWith("\"") || expected.matches("true|false")) {
            assertThat(found.toString().replace(",", ", ")).as(pointer).isEqualTo(expected);
        } else {
            double value = number(expected);
            assertThat(found.isNumber())
                    .as(pointer + " should be a number, is " + found)
                    .isTrue();
            assertThat(found.doubleValue()).as(pointer).isCloseTo(value, within(Math.abs(value) * RELATIVE_ERROR_MAX));
        }
    }

    private static double number(String expected) {
        if (expected.contains(" / ")) {
            String[] parts = expected.split(" / ", 2);
            return number(parts[0]) / number(parts[1]);
        }
        double sum = 0;
        for (String part : expected.replaceAll("[()]", "").split(" \\+ ", -1)) {
            sum += Double.parseDouble(part);
        }
        return sum;
    }
}
