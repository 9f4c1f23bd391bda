package io.inferometer.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.snapshot.Lazy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever follows whatever, each page is read as if it were the first. */
class RepeatPageReaderTest {
    private static final MetricTable.Builder BUILDER = MetricTable.builder();
    private static final Metric<Double> USAGE = BUILDER.gauge("e:usage").max();
    private static final Metric<Long> DONE = BUILDER.counter("e:done").count();
    private static final MetricTable TABLE = table();
    private static final int BYTES_MAX = 1 << 20;

    private final RepeatPageReader reader = new RepeatPageReader(List.of(TABLE), ParserOptions.defaults(), BYTES_MAX);

    private static MetricTable table() {
        BUILDER.histogram("e:time").distribution();
        return BUILDER.build();
    }

    @Test
    void aChangedNumberIsTakenAndTheRestIsTheLastPagesOwn() throws IOException {
        Page first = read("e:usage{rank=\"0\"} 0.5\ne:usage{rank=\"1\"} 0.25\ne:done_total 7\n");
        Page second = read("e:usage{rank=\"0\"} 0.5\ne:usage{rank=\"1\"} 0.75\ne:done_total 7\n");

        assertThat(USAGE.read(first)).isEqualTo(0.5);
        assertThat(USAGE.read(second)).isEqualTo(0.75);
        assertThat(second.family("e:done")).isSameAs(first.family("e:done"));
        assertThat(reader.layouts()).isEqualTo(1);
    }

    @Test
    void aLineThatComesOrGoesIsNoticed() throws IOException {
        read("e:usage{rank=\"0\"} 0.5\n");
        Page two = read("e:usage{rank=\"0\"} 0.5\ne:usage{rank=\"1\"} 0.75\n");
        Page one = read("e:usage{rank=\"0\"} 0.25\n");

        assertThat(USAGE.read(two)).isEqualTo(0.75);
        assertThat(USAGE.source(two).series()).isEqualTo(2);
        assertThat(USAGE.read(one)).isEqualTo(0.25);
        assertThat(USAGE.source(one).series()).isEqualTo(1);
        assertThat(reader.layouts()).isEqualTo(3);
    }

    @Test
    void ofALineThatStandsTwiceTheFirstCountsOnEveryPage() throws IOException {
        assertThat(DONE.read(read("e:done_total 1\ne:done_total 5\n"))).isEqualTo(1);
        assertThat(DONE.read(read("e:done_total 1\ne:done_total 6\n"))).isEqualTo(1);
        assertThat(DONE.read(read("e:done_total 2\ne:done_total 6\n"))).isEqualTo(2);
    }

    @Test
    void theStartOfTheProcessIsFollowed() throws IOException {
        assertThat(read("process_start_time_seconds 1000\n").startedAt()).hasToString("1970-01-01T00:16:40Z");
        assertThat(read("process_start_time_seconds 2000\n").startedAt()).hasToString("1970-01-01T00:33:20Z");
    }

    @Test
    void whatIsReadLaterIsThatOfItsOwnPage() throws IOException {
        String others = "other{rank=\"1\"} 1\n".repeat(100);
        Page alone = read("e:done_total 1\n" + others);
        Page second = read("e:done_total 2\n" + others);
        List<String> asked = new ArrayList<>();
        Lazy<Long> now = alone.readLater(() -> noted("alone", alone, asked));
        Lazy<Long> later = second.readLater(() -> noted("second", second, asked));

        assertThat(asked).containsExactly("alone"); // It shares nothing with others that it could be kept for.
        read("e:done_total 3\n" + others);
        assertThat(later.get()).isEqualTo(2);
        assertThat(now.get()).isEqualTo(1);
        assertThat(asked).containsExactly("alone", "second");
    }

    private static Long noted(String name, Page page, List<String> asked) {
        asked.add(name);
        return Objects.requireNonNull(DONE.read(page));
    }

    @Test
    void whoeverListensHearsAllSamples() throws IOException {
        read("e:usage 0.5\ne:done_total 7\n");
        List<String> heard = new ArrayList<>();
        byte[] page = "e:usage 0.5\ne:done_total 8\n".getBytes(StandardCharsets.UTF_8);
        Page read = reader.read(page, 0, page.length, sample -> heard.add(sample.name() + " " + sample.value()));

        assertThat(heard).containsExactly("e:usage 0.5", "e:done_total 8.0");
        assertThat(DONE.read(read)).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomPagesAreReadAsByAReaderWithoutMemory(long seed) throws IOException {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(List.of("e:usage{rank=\"0\"} 0.5", "e:done_total 3"));
        for (int page = 0; page < 300; page++) {
            mutate(lines, random);
            assertSame(String.join("\n", lines) + "\n");
        }
    }

    private static void mutate(List<String> lines, Random random) {
        int changes = random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(lines.size());
            switch (random.nextInt(12)) {
                case 0 -> lines.add(at, line(random));
                case 1 -> {
                    if (lines.size() > 1) {
                        lines.remove(at);
                    }
                }
                case 2 -> move(lines, at);
                default -> {
                    String line = lines.get(at);
                    lines.set(at, line.substring(0, line.lastIndexOf(' ') + 1) + value(random));
                }
            }
        }
    }

    /** But for a family in two spellings, of which the first line's counts. */
    private static void move(List<String> lines, int at) {
        if (!lines.get(at).contains("usage")) {
            lines.add(lines.remove(at));
        }
    }

    private static String line(Random random) {
        String rank = "rank=\"" + random.nextInt(3) + "\"";
        return switch (random.nextInt(8)) {
            case 0 -> "e:usage{" + rank + "} 0";
            case 1 -> "e_usage{" + rank + "} 0";
            case 2 -> "e:done_total{" + rank + "} 0";
            case 3 -> "e:time_sum{" + rank + "} 0";
            case 4 -> "e:time_count{" + rank + "} 0";
            case 5 -> "e:time{quantile=\"0." + random.nextInt(3) + "\"," + rank + "} 0";
            case 6 -> "other{" + rank + "} 0";
            default -> "e:time_bucket{le=\"" + random.nextInt(5) + "\"," + rank + "} 0";
        };
    }

    private static String value(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> "NaN";
            case 1 -> "+Inf";
            case 2 -> "broken";
            default -> Integer.toString(random.nextInt(50));
        };
    }

    private void assertSame(String text) throws IOException {
        Page repeated = read(text);
        Page fresh = new PageReader(List.of(TABLE), false).read(new PageParser(), new Buffer().writeUtf8(text));

        assertThat(described(repeated)).as(text).isEqualTo(described(fresh));
        for (String rank : fresh.valuesOf("rank")) {
            assertThat(described(repeated.where("rank", rank)))
                    .as(text)
                    .isEqualTo(described(fresh.where(labels -> rank.equals(labels.get("rank")))));
        }
    }

    private static String described(Page page) {
        StringBuilder text = new StringBuilder();
        text.append(page.sampleCount()).append(' ').append(page.skippedLines());
        text.append(' ').append(page.names().stream().sorted().toList()).append(page.valuesOf("rank"));
        for (Metric<?> metric : TABLE.metrics()) {
            text.append('\n').append(metric.read(page)).append(' ').append(metric.source(page));
            Family family = page.family(metric.families().get(0));
            if (family != null) {
                family.series().stream()
                        .map(one -> " " + one.labels() + one.value() + one.distribution() + buckets(one))
                        .sorted()
                        .forEach(text::append);
            }
        }
        return text.toString();
    }

    private static String buckets(Series series) {
        var distribution = series.distribution();
        return distribution == null
                ? ""
                : Arrays.toString(distribution.bucketBounds()) + Arrays.toString(distribution.bucketCounts());
    }

    private Page read(String text) throws IOException {
        byte[] page = text.getBytes(StandardCharsets.UTF_8);
        return reader.read(page, 0, page.length, null);
    }
}
