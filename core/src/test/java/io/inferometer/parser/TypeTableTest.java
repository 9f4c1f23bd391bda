package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TypeTableTest {
    private final TypeTable table = new TypeTable();

    @Test
    void knowsNothingAtFirst() {
        assertThat(typeOf("a")).isEqualTo(MetricType.UNKNOWN);
    }

    @Test
    void theLaterOfTwoLinesCounts() {
        add("a", MetricType.COUNTER);
        add("a", MetricType.GAUGE);
        assertThat(typeOf("a")).isEqualTo(MetricType.GAUGE);
        add("a", MetricType.SUMMARY);
        assertThat(typeOf("a")).isEqualTo(MetricType.SUMMARY);
    }

    @Test
    void forgetsThePage() {
        add("a", MetricType.COUNTER);
        typeOf("a");
        table.clear();
        assertThat(typeOf("a")).isEqualTo(MetricType.UNKNOWN);
    }

    @Test
    void remembersAsManyLinesAsItMayAndThenStartsAgain() {
        for (int i = 0; i < TypeTable.LINES_MAX; i++) {
            add("family_" + i, MetricType.GAUGE);
        }
        assertThat(typeOf("family_0")).isEqualTo(MetricType.GAUGE);
        assertThat(typeOf("family_" + (TypeTable.LINES_MAX - 1))).isEqualTo(MetricType.GAUGE);

        add("one_more", MetricType.COUNTER);

        assertThat(typeOf("family_0")).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf("one_more")).isEqualTo(MetricType.COUNTER);
    }

    @Test
    void remembersAsManyBytesAsItMayAndThenStartsAgain() {
        String half = "a".repeat(TypeTable.NAME_BYTES_MAX / 2);
        add(half, MetricType.GAUGE);
        add(half.replace('a', 'b'), MetricType.GAUGE);
        assertThat(typeOf(half)).isEqualTo(MetricType.GAUGE);

        add("c", MetricType.COUNTER);

        assertThat(typeOf(half)).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf("c")).isEqualTo(MetricType.COUNTER);
    }

    @Test
    void doesNotRememberANameLongerThanAllItsMemory() {
        String longest = "a".repeat(TypeTable.NAME_BYTES_MAX);
        add(longest, MetricType.GAUGE);
        assertThat(typeOf(longest)).isEqualTo(MetricType.GAUGE);

        add(longest + "a", MetricType.COUNTER);
        assertThat(typeOf(longest + "a")).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf(longest)).isEqualTo(MetricType.GAUGE);
    }

    @Test
    void findsOutLaterWhetherWhatWasAddedUncheckedIsAName() {
        assertThat(addUnchecked("a counter")).isTrue();
        assertThat(addUnchecked("b   counter")).isTrue();
        assertThat(addUnchecked("c d counter")).isTrue();
        assertThat(addUnchecked("e-f counter")).isTrue();
        add("g h", MetricType.GAUGE);

        assertThat(typeOf("a")).isEqualTo(MetricType.COUNTER);
        assertThat(typeOf("b")).isEqualTo(MetricType.COUNTER);
        assertThat(typeOf("b  ")).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf("c")).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf("c d")).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf("e-f")).isEqualTo(MetricType.UNKNOWN);
        assertThat(typeOf("g h")).isEqualTo(MetricType.GAUGE);
    }

    @Test
    void whatWasAddedUncheckedIsKeptWhenItsArrayIsWrittenTo() {
        byte[] page = Recording.bytes("a-b counter\ncde  counter\n------------");
        table.addUnchecked(page, 0, 3, MetricType.COUNTER);
        table.addUnchecked(page, 12, 16, MetricType.COUNTER);
        table.bytesWillMove();
        Arrays.fill(page, (byte) 'x');

        assertThat(typeOf("cde")).isEqualTo(MetricType.COUNTER);
        assertThat(typeOf("a-b")).isEqualTo(MetricType.UNKNOWN);
    }

    @Test
    void linesThatSayNothingMakeItForgetNothing() {
        add("a", MetricType.GAUGE);
        byte[] bad = Recording.bytes("b-c counter\n--------");
        int taken = 0;
        while (table.addUnchecked(bad, 0, 3, MetricType.COUNTER)) {
            taken++;
        }
        assertThat(taken).isEqualTo(TypeTable.LINES_MAX - 1);

        add("d", MetricType.SUMMARY);

        assertThat(typeOf("a")).isEqualTo(MetricType.GAUGE);
        assertThat(typeOf("d")).isEqualTo(MetricType.SUMMARY);
    }

    /** What stands in a TYPE line behind {@code # TYPE} and a blank, all of one counter. */
    private boolean addUnchecked(String line) {
        byte[] bytes = Recording.bytes(line + "\n--------");
        return table.addUnchecked(bytes, 0, line.length() - " counter".length(), MetricType.COUNTER);
    }

    private void add(String name, MetricType type) {
        byte[] bytes = Recording.bytes(name);
        table.add(bytes, 0, bytes.length, type);
    }

    private MetricType typeOf(String name) {
        byte[] bytes = Recording.bytes(name);
        return table.ofSample(bytes, 0, bytes.length, true, 1);
    }
}
