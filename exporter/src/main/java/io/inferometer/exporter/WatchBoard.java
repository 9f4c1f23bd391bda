package io.inferometer.exporter;

import io.inferometer.exporter.WatchedTarget.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table that watch draws: the last reading of each target, and the history of its numbers. Safe to share. */
final class WatchBoard {
    private static final int ADDRESS_WIDTH_MAX = 40;
    private static final int NUMBER_WIDTH = 8;
    private static final int HISTORY_WIDTH_MIN = 3;
    private static final List<String> TITLES = List.of("running", "waiting", "KV usage", "tokens/s");

    private final Map<WatchedTarget, Row> rows = new LinkedHashMap<>();

    WatchBoard(List<WatchedTarget> targets) {
        targets.forEach(target -> rows.put(target, new Row(target.unread())));
    }

    synchronized void add(Reading reading) {
        Row row = rows.get(reading.source());
        if (row != null) {
            row.add(reading);
        }
    }

    /** The head, then one line a target, each at most {@code width} characters. */
    synchronized List<String> lines(int width) {
        int engineWidth =
                widest(rows.values().stream().map(row -> row.reading.engine()).toList(), "engine");
        int addressWidth = Math.min(
                ADDRESS_WIDTH_MAX,
                widest(rows.keySet().stream().map(WatchedTarget::address).toList(), "target"));
        int room = (width - engineWidth - addressWidth - 4) / TITLES.size() - NUMBER_WIDTH - 3;
        int history = room < HISTORY_WIDTH_MIN ? 0 : Math.min(room, History.LENGTH_MAX);
        List<String> lines = new ArrayList<>();
        lines.add(Printable.cut(head(engineWidth, addressWidth, history), width));
        for (Row row : rows.values()) {
            String start = padded(row.reading.engine(), engineWidth) + "  "
                    + padded(row.reading.source().address(), addressWidth) + "  ";
            lines.add(Printable.cut((start + row.numbers(history)).stripTrailing(), width));
        }
        return lines;
    }

    /** Whether the target of line {@code index}, 0 for the first, could not be read the last time. */
    synchronized boolean isDown(int index) {
        return new ArrayList<>(rows.values()).get(index).reading.error() != null;
    }

    private static String head(int engineWidth, int addressWidth, int history) {
        StringBuilder head =
                new StringBuilder(padded("engine", engineWidth) + "  " + padded("target", addressWidth) + "  ");
        for (String title : TITLES) {
            head.append(" ".repeat(NUMBER_WIDTH - title.length())).append(title).append(" ".repeat(history + 3));
        }
        return head.toString().stripTrailing();
    }

    private static int widest(List<String> texts, String title) {
        return texts.stream().mapToInt(Printable::width).reduce(title.length(), Math::max);
    }

    private static String padded(String text, int width) {
        String cut = Printable.cut(text, width);
        return cut + " ".repeat(width - Printable.width(cut));
    }

    private static final class Row {
        private final History running = new History();
        private final History waiting = new History();
        private final History kvUsage = new History();
        private final History tokensPerSecond = new History();
        private Reading reading;

        Row(Reading reading) {
            this.reading = reading;
        }

        void add(Reading next) {
            reading = next;
            running.add(next.running());
            waiting.add(next.waiting());
            kvUsage.add(next.kvUsage());
            tokensPerSecond.add(next.tokensPerSecond());
        }

        String numbers(int width) {
            if (reading.error() != null) {
                return reading.error();
            }
            Double usage = reading.kvUsage();
            return cell(number(reading.running()), Sparkline.of(running.last(width)))
                    + cell(number(reading.waiting()), Sparkline.of(waiting.last(width)))
                    + cell(
                            usage == null ? FieldTable.ABSENT : Words.percent(usage),
                            Sparkline.of(kvUsage.last(width), 1))
                    + cell(number(reading.tokensPerSecond()), Sparkline.of(tokensPerSecond.last(width)));
        }

        private static String cell(String number, String bars) {
            return " ".repeat(Math.max(0, NUMBER_WIDTH - Printable.width(number))) + number + " " + bars + "  ";
        }

        private static String number(@Nullable Number value) {
            return value == null ? FieldTable.ABSENT : Words.rounded(value.doubleValue());
        }
    }
}
