package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever came before, a page read again says what it says when read for the first time. */
class RepeatDifferentialTest {
    /** Pairs of pages per mode, over all its formats; {@code -Dinferometer.parser.pairs=10000000} runs long. */
    private static final int PAIRS = Integer.getInteger("inferometer.parser.pairs", 100_000);

    private static final int PAGES_OF_A_TARGET = 10;

    /** Otherwise little of a page would be read, and nothing compared. */
    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void manyOfThePagesAreTakenAndMostHaveTheSizeOfSmallOnes(ParseMode mode, PageFormat format) {
        PageParser full = new PageParser(ParserOptions.defaults().withMode(mode).withFormat(format));
        int pairs = 0;
        int sized = 0;
        int refusedAfterTaken = 0;
        for (int seed = 0; seed < 400; seed++) {
            SuccessivePages pages = new SuccessivePages(seed, format == PageFormat.OPENMETRICS);
            boolean before = false;
            for (int i = 0; i <= PAGES_OF_A_TARGET; i++) {
                byte[] page = pages.next();
                boolean taken = isTaken(full, page);
                pairs += before && taken ? 1 : 0;
                refusedAfterTaken += before && !taken ? 1 : 0;
                sized += page.length >= 200 && page.length <= 4096 ? 1 : 0;
                before = taken;
            }
        }
        assertThat(pairs).isGreaterThan(400 * PAGES_OF_A_TARGET * 35 / 100);
        assertThat(sized).isGreaterThan(400 * PAGES_OF_A_TARGET * 80 / 100);
        if (mode != ParseMode.LENIENT) {
            assertThat(refusedAfterTaken).isGreaterThan(50);
        }
    }

    private static boolean isTaken(PageParser parser, byte[] page) {
        try {
            return parser.parse(page, sample -> {}).samples() >= 0;
        } catch (PageSyntaxException e) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void showsWhatTheFullParserShows(ParseMode mode, PageFormat format) {
        for (int seed = 0; seed < targets(mode); seed++) {
            ParserOptions options = options(mode, format, seed);
            PageParser full = new PageParser(options);
            RepeatParser repeat = new RepeatParser(options);
            SuccessivePages pages = new SuccessivePages(seed, format == PageFormat.OPENMETRICS);
            byte[] before = {};
            for (int i = 0; i <= PAGES_OF_A_TARGET; i++) {
                byte[] page = pages.next();
                boolean metadata = seed % 2 == 0;
                List<String> expected = Recording.of(full, (parser, all) -> parser.parse(page, heard(all, metadata)));
                boolean stream = i % 3 == 2;
                List<String> shown =
                        Recording.of(full, (unused, all) -> parse(repeat, page, heard(all, metadata), stream));
                if (!expected.equals(shown)) {
                    assertThat(shown)
                            .as(
                                    "seed %d, page %d:%n%s%nafter:%n%s",
                                    seed,
                                    i,
                                    new String(page, java.nio.charset.StandardCharsets.UTF_8),
                                    new String(before, java.nio.charset.StandardCharsets.UTF_8))
                            .isEqualTo(expected);
                }
                before = page;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS", "STRICT,OPENMETRICS"
    })
    void columnsThatLiveOnChangesHoldWhatThePageSays(ParseMode mode, PageFormat format) {
        for (int seed = 0; seed < targets(mode); seed++) {
            ParserOptions options = options(mode, format, seed);
            PageParser full = new PageParser(options);
            RepeatParser repeat = new RepeatParser(options);
            SuccessivePages pages = new SuccessivePages(seed, format == PageFormat.OPENMETRICS);
            Columns columns = new Columns();
            for (int i = 0; i <= PAGES_OF_A_TARGET; i++) {
                byte[] page = pages.next();
                List<String> expected = new ArrayList<>();
                String ending;
                try {
                    ending = full.parse(page, sample -> expected.add(Recording.line(sample)))
                            .toString();
                } catch (PageSyntaxException e) {
                    ending = e.getMessage();
                    expected.clear();
                }
                String repeated;
                try {
                    repeated = repeat.parseChanges(page, columns).toString();
                } catch (PageSyntaxException e) {
                    repeated = e.getMessage();
                    columns.onReset();
                }
                assertThat(repeated).as("seed %d page %d", seed, i).isEqualTo(ending);
                expected.sort(null);
                List<String> held = new ArrayList<>(columns.series.values());
                held.sort(null);
                if (!expected.equals(held)) {
                    assertThat(held).as("seed %d, page %d", seed, i).isEqualTo(expected);
                }
                assertThat(columns.series.keySet()).allMatch(slot -> slot < repeat.slotCount());
            }
        }
    }

    /** What nobody asked for is not worked out, and must not be missing where the next sample is asked. */
    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "PROMETHEUS,OPENMETRICS"})
    void whoAsksLittleIsToldTheSame(ParseMode mode, PageFormat format) {
        for (int seed = 0; seed < targets(mode) / 5; seed++) {
            ParserOptions options = options(mode, format, seed);
            PageParser full = new PageParser(options);
            RepeatParser repeat = new RepeatParser(options);
            SuccessivePages pages = new SuccessivePages(seed, format == PageFormat.OPENMETRICS);
            for (int i = 0; i <= PAGES_OF_A_TARGET; i++) {
                byte[] page = pages.next();
                int questions = 31 * seed + i;
                List<String> expected = answers(handler -> full.parse(page, handler), questions);
                List<String> shown = answers(handler -> repeat.parse(page, handler), questions);
                assertThat(shown).as("seed %d, page %d", seed, i).isEqualTo(expected);
            }
        }
    }

    private static List<String> answers(Consumer<SampleHandler> parse, int seed) {
        List<String> answers = new ArrayList<>();
        try {
            parse.accept(askingLittle(answers, seed));
        } catch (PageSyntaxException e) {
            answers.add("refused: " + e.getMessage());
        }
        return answers;
    }

    /** Asks each sample one question at most. */
    private static SampleHandler askingLittle(List<String> answers, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return sample -> answers.add(
                switch (random.nextInt(8)) {
                    case 0 -> "same name: " + sample.sameNameAsPrevious();
                    case 1 -> "type: " + sample.type();
                    case 2 -> "labels: " + sample.labelCount();
                    case 3 -> "first label: " + (sample.labelCount() == 0 ? "none" : sample.labelValue(0));
                    case 4 -> "timestamp: " + sample.hasTimestamp() + " " + sample.timestampMs();
                    case 5 -> "name: " + sample.name();
                    case 6 -> "exemplar: " + sample.hasExemplar() + " " + sample.exemplarLabelCount();
                    default -> "line: " + sample.line();
                });
    }

    private static int targets(ParseMode mode) {
        int formats = mode == ParseMode.STRICT ? 1 : PageFormat.values().length;
        return PAIRS / PAGES_OF_A_TARGET / formats;
    }

    private static ParserOptions options(ParseMode mode, PageFormat format, int seed) {
        ParserOptions options = ParserOptions.defaults().withMode(mode).withFormat(format);
        options = seed % 7 == 3 ? options.withLineBytesMax(20 + seed % 60).withLabelsMax(1 + seed % 3) : options;
        return seed % 4 == 1 ? options.withFilter(FamilyFilter.ofFamilies(List.of("f1", "f2", "up", "h"))) : options;
    }

    private static ParseSummary parse(RepeatParser parser, byte[] page, SampleHandler handler, boolean stream) {
        try {
            return stream ? parser.parse(new ByteArrayInputStream(page), handler) : parser.parse(page, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same handler, or one that wants no metadata. */
    private static SampleHandler heard(SampleHandler all, boolean metadata) {
        return metadata ? all : sample -> all.onSample(sample);
    }

    /** What a consumer holds that hears only changes. */
    private static final class Columns implements ChangeHandler {
        private final Map<Integer, String> series = new TreeMap<>();

        @Override
        public void onReset() {
            series.clear();
        }

        @Override
        public void onAdded(int slot, Sample sample) {
            assertThat(series.put(slot, Recording.line(sample)))
                    .as("slot %d is taken", slot)
                    .isNull();
        }

        @Override
        public void onChanged(int slot, Sample sample) {
            assertThat(series.put(slot, Recording.line(sample)))
                    .as("slot %d is free", slot)
                    .isNotNull();
        }

        @Override
        public void onRemoved(int slot) {
            assertThat(series.remove(slot)).as("slot %d is free", slot).isNotNull();
        }
    }
}
