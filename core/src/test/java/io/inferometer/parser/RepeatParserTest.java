package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import okio.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a parser for one target's successive pages tells, worked out by hand. */
class RepeatParserTest {
    private final List<String> told = new ArrayList<>();
    private final RepeatParser parser = new RepeatParser();

    @Test
    void theFirstPageIsAResetAndAllOfItIsAdded() {
        assertThat(changes("a 1\nb{x=\"y\"} 2\n")).containsExactly("reset", "0 added a 1.0", "1 added b{x=\"y\"} 2.0");
    }

    @Test
    void onlyWhatHasAnotherValueIsTold() {
        changes("a 1\nb{x=\"y\"} 2\nc 3\n");
        assertThat(changes("a 1\nb{x=\"y\"} 10\nc 3\n")).containsExactly("1 changed b{x=\"y\"} 10.0");
        assertThat(changes("a 1\nb{x=\"y\"} 10\nc 4\n")).containsExactly("2 changed c 4.0");
    }

    @Test
    void aPageThatIsTheSameTellsNothingAndCountsTheSame() {
        changes("a 1\nbad\nb 2\n");
        ParseSummary first = summary("a 1\nbad\nb 2\n");
        assertThat(told).isEmpty();
        assertThat(first.samples()).isEqualTo(2);
        assertThat(first.skippedLines()).isEqualTo(1);
        assertThat(first.bytes()).isEqualTo(12);
    }

    @Test
    void anotherSpellingOfTheSameNumberIsNoChange() {
        changes("a 1\n");
        assertThat(changes("a 1.0\n")).isEmpty();
        assertThat(changes("a 1e0\n")).isEmpty();
        assertThat(changes("a -0\n")).containsExactly("0 changed a -0.0");
        assertThat(changes("a 0\n")).containsExactly("0 changed a 0.0");
    }

    @Test
    void anotherTimestampIsAChange() {
        changes("a 1 1000\n");
        assertThat(changes("a 1 2000\n")).containsExactly("0 changed a 1.0 @2000");
        assertThat(changes("a 1\n")).containsExactly("0 changed a 1.0");
        assertThat(changes("a 1\n")).isEmpty();
        assertThat(changes("a 1 1\n")).containsExactly("0 changed a 1.0 @1");
    }

    @Test
    void aValueThatComesBackIsNotTakenForTheOneInBetween() {
        changes("a 1\nb 1\n");
        changes("a 22\nb 1\n");
        assertThat(changes("a 1\nb 1\n")).containsExactly("0 changed a 1.0");
    }

    @Test
    void aSeriesThatMovesKeepsItsSlot() {
        changes("a 1\nb 2\nc 3\nd 4\n");
        assertThat(changes("c 3\nd 5\na 1\nb 2\n")).containsExactly("3 changed d 5.0");
    }

    @Test
    void aSeriesThatComesTakesTheSlotOfOneThatWent() {
        changes("a 1\nb 2\nc 3\n");
        assertThat(changes("a 1\nc 3\n")).containsExactly("1 removed");
        assertThat(changes("a 1\nn 7\nc 3\n")).containsExactly("1 added n 7.0");
        assertThat(parser.slotCount()).isEqualTo(3);
    }

    @Test
    void aSeriesThatStandsThereTwiceHasTwoSlots() {
        changes("a 1\na 2\n");
        assertThat(changes("a 1\na 3\n")).containsExactly("1 changed a 3.0");
        assertThat(changes("a 1\n")).containsExactly("1 removed");
        assertThat(changes("a 1\na 1\n")).containsExactly("1 added a 1.0");
    }

    @Test
    void aLineThatTurnsBadIsRemovedAndComesBackAsAdded() {
        changes("a 1\nb 2\n");
        assertThat(changes("a 1\nb x\n")).containsExactly("1 removed");
        assertThat(changes("a 1\nb 2\n")).containsExactly("1 added b 2.0");
    }

    @Test
    void anEmptyPageRemovesEverything() {
        changes("a 1\nb 2\n");
        assertThat(changes("")).containsExactly("0 removed", "1 removed");
    }

    @Test
    void whatOnlyGrowsIsFoundAtItsNewPlace() {
        changes("a 9\nb{x=\"long value of a label\"} 99\nc 999\n");
        assertThat(changes("a 10\nb{x=\"long value of a label\"} 100\nc 1000\n"))
                .containsExactly(
                        "0 changed a 10.0", "1 changed b{x=\"long value of a label\"} 100.0", "2 changed c 1000.0");
    }

    @Test
    void typesAreThoseOfThisPage() {
        List<String> types = new ArrayList<>();
        SampleHandler handler = sample -> types.add(sample.name() + " " + sample.type());
        parser.parse(Recording.bytes("# TYPE a gauge\na 1\nb 1\n# TYPE b counter\nb 2\n"), handler);
        parser.parse(Recording.bytes("# TYPE a gauge\na 1\nb 1\n# TYPE b counter\nb 2\n"), handler);
        parser.parse(Recording.bytes("# TYPE a counter\na 1\nb 1\n# TYPE b counter\nb 2\n"), handler);
        parser.parse(Recording.bytes("a 1\nb 1\n# TYPE b counter\nb 2\n"), handler);
        assertThat(types)
                .containsExactly(
                        "a GAUGE",
                        "b UNKNOWN",
                        "b COUNTER", //
                        "a GAUGE",
                        "b UNKNOWN",
                        "b COUNTER", //
                        "a COUNTER",
                        "b UNKNOWN",
                        "b COUNTER", //
                        "a UNKNOWN",
                        "b UNKNOWN",
                        "b COUNTER");
    }

    @Test
    void ofTwoTypesTheLaterOneCountsEvenBehindBlanks() {
        String page = "# TYPE x gauge\nx 1\n # TYPE x counter\nx{a=\"b\"} ";
        assertThat(typesOf(page + "2\n", 2)).containsExactly(MetricType.COUNTER);
        assertThat(typesOf(page + "3\n", 3)).containsExactly(MetricType.COUNTER);
    }

    /** The last lines stand in another array, where the third line begins where the first one does in this. */
    @Test
    void theTypeOfALineIsNotThatOfOneAtTheSamePlaceOfAnotherArray() {
        String type = "# TYPE y gauge\n";
        String rest = "zzzzzzzzzzzz 1\ny 1\ny 2\n";
        assertThat(typesOf(type + rest, 2)).containsExactly(MetricType.GAUGE);
        assertThat(typesOf(type + "x 5\n" + rest, 2, 5)).containsExactly(MetricType.UNKNOWN, MetricType.GAUGE);
    }

    /** The types of the samples with these values, asked of no other. */
    private List<MetricType> typesOf(String page, double... values) {
        List<MetricType> types = new ArrayList<>();
        parser.parse(Recording.bytes(page), sample -> {
            if (DoubleStream.of(values).anyMatch(value -> value == sample.value())) {
                types.add(sample.type());
            }
        });
        return types;
    }

    @Test
    void anExemplarIsReadOnEveryPage() {
        RepeatParser openMetrics = new RepeatParser(ParserOptions.defaults().withFormat(PageFormat.OPENMETRICS));
        List<Double> exemplars = new ArrayList<>();
        SampleHandler handler = sample -> exemplars.add(sample.exemplarValue());
        String with = "a_total 1 # {id=\"x\"} 0.5\n# EOF\n";
        for (String page : List.of(with, "a_total 1\n# EOF\n", with, with)) {
            openMetrics.parse(Recording.bytes(page), handler);
        }
        assertThat(exemplars).containsExactly(0.5, Double.NaN, 0.5, 0.5);
    }

    @Test
    void samplesAndChangesDoNotKnowOfEachOther() {
        changes("a 1\n");
        parser.parse(Recording.bytes("a 2\n"), sample -> {});
        assertThat(changes("a 2\n")).containsExactly("reset", "0 added a 2.0");
    }

    @Test
    void aPageThatWasRefusedIsForgotten() {
        RepeatParser strict = new RepeatParser(ParserOptions.defaults().withMode(ParseMode.PROMETHEUS));
        strict.parseChanges(Recording.bytes("a 1\n"), new Teller());
        told.clear();
        assertThatExceptionOfType(PageSyntaxException.class)
                .isThrownBy(() -> strict.parseChanges(Recording.bytes("a 2\nb x\n"), new Teller()));
        told.clear();
        strict.parseChanges(Recording.bytes("a 2\n"), new Teller());
        assertThat(told).containsExactly("reset", "0 added a 2.0");
    }

    @Test
    void slotsAreThereForWhoHearsAllSamples() {
        List<Integer> slots = new ArrayList<>();
        SampleHandler handler = sample -> slots.add(parser.slot());
        parser.parse(Recording.bytes("a 1\nb 1\n"), handler);
        parser.parse(Recording.bytes("b 1\nc 1\na 1\n"), handler);
        assertThat(slots).containsExactly(0, 1, 1, 2, 0);
    }

    @Test
    void whatIsKeptIsCountedAndGivenBack() {
        String line = "a_name{label=\"value\",other=\"value\"} 1234567.0\n";
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            page.append(line.replace("value\"}", i + "\"}"));
        }
        changes(page.toString());
        assertThat(parser.retainedBytes()).isBetween((long) page.length(), 4L * page.length());
        parser.forget();
        assertThat(parser.retainedBytes()).isLessThan(100_000);
        assertThat(changes("a 1\n")).containsExactly("reset", "0 added a 1.0");
    }

    @Test
    void aPageLargerThanTheBoundIsReadAndNotRemembered() throws IOException {
        RepeatParser small = new RepeatParser(ParserOptions.defaults(), 20);
        List<String> samples = new ArrayList<>();
        SampleHandler handler = sample -> samples.add(Recording.line(sample));
        byte[] page = Recording.bytes("a 1\nb 2\nc 3\nd 4\ne 5\nf 6\n");
        for (int i = 0; i < 3; i++) {
            small.parse(page, handler);
            small.parse(new ByteArrayInputStream(page), handler);
            small.parse(new Buffer().write(page), handler);
        }
        assertThat(samples).hasSize(9 * 6).containsSequence("f 6.0", "a 1.0");
        small.parseChanges(page, new Teller());
        told.clear();
        small.parseChanges(page, new Teller());
        assertThat(told).startsWith("reset").hasSize(7);
        assertThat(small.rememberedBytesMax()).isEqualTo(20);
    }

    @Test
    void anArrayLargerThanTheBoundLeavesNothingBehind() {
        RepeatParser small = new RepeatParser(ParserOptions.defaults(), 1000);
        byte[] page = Recording.bytes("a 1\n".repeat(100_000));

        small.parse(Recording.bytes("a 1\n"), sample -> assertThat(small.slot()).isZero());
        assertThat(small.parse(page, sample -> assertThat(small.slot()).isEqualTo(-1))
                        .samples())
                .isEqualTo(100_000);
        assertThat(small.retainedBytes()).isLessThan(page.length / 2);
    }

    @Test
    void whatItTakesToPassUnwantedLinesIsCountedAndNotTakenForShortPages() {
        assertThat(growthOfFiltered(20)).isLessThan(1_000);
        assertThat(growthOfFiltered(200)).isBetween(4096L * Integer.BYTES, 30_000L);
    }

    /** What more is kept once a page with so many unwanted lines was read again, with another value in each. */
    private static long growthOfFiltered(int unwantedLines) {
        RepeatParser filtered =
                new RepeatParser(ParserOptions.defaults().withFilter(FamilyFilter.ofFamilies(List.of("wanted"))));
        long[] kept = new long[3];
        for (int i = 0; i < kept.length; i++) {
            String page = "wanted 1\n" + ("other{label=\"value\"} " + i + "\n").repeat(unwantedLines);
            assertThat(filtered.parse(Recording.bytes(page), sample -> {}).samples())
                    .isEqualTo(1);
            kept[i] = filtered.retainedBytes();
        }
        return kept[2] - kept[0];
    }

    @Test
    void manyLinesThatComeAndGoDoNotPileUp() {
        StringBuilder stable = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            stable.append("stable{i=\"").append(i).append("\"} 1\n");
        }
        changes(stable.toString());
        for (int i = 0; i < 2000; i++) {
            String page = stable + "session{id=\"" + i + "\"} 1\nsession{id=\"" + (i + 1) + "\"} 1\n";
            changes(page);
        }
        assertThat(parser.slotCount()).isLessThan(310);
        assertThat(parser.retainedBytes()).isLessThan(300_000);
    }

    @Test
    @Timeout(60)
    void aKeyThatStandsOnVeryManyLinesIsNotLookedForAmongAllOfThem() {
        int lines = 200_000;
        String inBlocks = "a 1\n".repeat(lines) + "b 2\n".repeat(lines);
        String mixed = "a 1\nb 2\n".repeat(lines);
        for (String page : List.of(inBlocks, mixed, inBlocks, mixed)) {
            double[] sum = new double[1];
            ParseSummary summary = parser.parse(
                    page.getBytes(StandardCharsets.UTF_8), sample -> sum[0] = 31 * sum[0] % 1e9 + sample.value());
            assertThat(summary.samples()).isEqualTo(2L * lines);
            assertThat(sum[0]).isEqualTo(sumOf(page));
        }
    }

    private static double sumOf(String page) {
        double sum = 0;
        for (String line : page.lines().toList()) {
            sum = 31 * sum % 1e9 + (line.equals("a 1") ? 1 : 2);
        }
        return sum;
    }

    @Test
    void whatIsAsLongAsBeforeIsReadAndNotGuessed() {
        for (String value : List.of("11", "22")) { // From the second page on these values are known to change.
            changes("a " + value + "\nb " + value + "\nc " + value + "\nd " + value + "\n");
        }
        assertThat(changes("a 33\nb 4x\nc 55\nd 66\n"))
                .containsExactly("0 changed a 33.0", "2 changed c 55.0", "3 changed d 66.0", "1 removed");
        assertThat(changes("a 34\nb 44\nx 55\nd 6.\n"))
                .containsExactly(
                        "0 changed a 34.0", "1 added b 44.0", "4 added x 55.0", "3 changed d 6.0", "2 removed");
        assertThat(changes("a 3 \nb 45\nx .5\nd +6\n"))
                .containsExactly("0 changed a 3.0", "1 changed b 45.0", "4 changed x 0.5");
        assertThat(changes("a 3 1\nb -5\nx 5\nd 67\n"))
                .containsExactly("0 changed a 3.0 @1", "1 changed b -5.0", "4 changed x 5.0", "3 changed d 67.0");
        assertThat(changes("a 123\nb -6\nx 55\nd 68"))
                .containsExactly("0 changed a 123.0", "1 changed b -6.0", "4 changed x 55.0", "3 changed d 68.0");
    }

    @Test
    void aFractionBehindDigitsThatFillEightBytesIsRead() {
        changes("a 12345.678\n");
        changes("a 12345.679\n");
        assertThat(changes("a 1234567.8\n")).containsExactly("0 changed a 1234567.8");
        assertThat(changes("a 12345678\n")).containsExactly("0 changed a 1.2345678E7");
        assertThat(changes("a 12345679\n")).containsExactly("0 changed a 1.2345679E7");
        assertThat(changes("a 123456.0\n")).containsExactly("0 changed a 123456.0");
        assertThat(changes("a 1234567.0\n")).containsExactly("0 changed a 1234567.0");
        assertThat(changes("a 12345678.0\n")).containsExactly("0 changed a 1.2345678E7");
        assertThat(changes("a 12345679.5\n")).containsExactly("0 changed a 1.23456795E7");
    }

    /** Counters gain digits and stay longer, gauges gain and lose them, and what never changes stands between. */
    @Test
    void countersThatGrowForLongAreReadOnEveryPage() {
        for (int page = 1; page <= 700; page++) {
            StringBuilder text = new StringBuilder();
            double expected = 0;
            for (int i = 0; i < 120; i++) {
                long counter = (long) page * page * (i + 1) / 7;
                double gauge = (page * 37 + i) % 211 / 8.0;
                text.append("c{i=\"").append(i).append("\"} ").append(counter).append(i % 2 == 0 ? ".0\n" : "\n");
                text.append("g{i=\"").append(i).append("\"} ").append(gauge).append('\n');
                text.append("still{i=\"").append(i).append("\"} 1\n");
                expected = ((expected * 31 + counter) % 1e9 * 31 + gauge) % 1e9 * 31 % 1e9 + 1;
            }
            double[] sum = new double[1];
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            ParseSummary summary = parser.parse(bytes, sample -> sum[0] = sum[0] * 31 % 1e9 + sample.value());
            assertThat(summary.samples()).isEqualTo(360);
            assertThat(sum[0]).isCloseTo(expected, within(1e-3));
        }
        assertThat(parser.retainedBytes()).isLessThan(200_000);
    }

    @Test
    void oneParserReadsOnePageAtATime() {
        assertThatIllegalStateException()
                .isThrownBy(() -> parser.parse(
                        Recording.bytes("a 1\n"), sample -> parser.parse(Recording.bytes("b 1\n"), other -> {})))
                .withMessageContaining("in the middle of a page");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RepeatParser(ParserOptions.defaults(), -1))
                .withMessageContaining("-1");
    }

    @Test
    void aHandlerThatThrowsLeavesNothingBehind() {
        changes("a 1\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parser.parse(Recording.bytes("a 2\n"), sample -> {
                    throw new IllegalArgumentException("from a handler");
                }));
        assertThat(changes("a 2\n")).containsExactly("reset", "0 added a 2.0");
    }

    private List<String> changes(String page) {
        summary(page);
        return List.copyOf(told);
    }

    private ParseSummary summary(String page) {
        told.clear();
        return parser.parseChanges(Recording.bytes(page), new Teller());
    }

    private final class Teller implements ChangeHandler {
        @Override
        public void onReset() {
            told.add("reset");
        }

        @Override
        public void onAdded(int slot, Sample sample) {
            told.add(slot + " added " + Recording.line(sample));
        }

        @Override
        public void onChanged(int slot, Sample sample) {
            told.add(slot + " changed " + Recording.line(sample));
        }

        @Override
        public void onRemoved(int slot) {
            told.add(slot + " removed");
        }
    }
}
