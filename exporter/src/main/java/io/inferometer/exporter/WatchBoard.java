package io.inferometer.exporter;

import io.inferometer.fleet.MonitoredTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The table that watch draws: the last reading of each target, and the history of its numbers. Safe to share. */
final class WatchBoard {
    private static final int NAME_WIDTH_MAX = 40;
    private static final int STATE_WIDTH = 7;
    private static final int AGE_WIDTH = 7;
    private static final int NUMBER_WIDTH = 8;
    private static final int HISTORY_WIDTH_MIN = 3;
    private static final List<String> TITLES = List.of("running", "waiting", "KV usage", "tokens/s");
    private static final List<String> MORE_TITLES = List.of("req/s", "TTFT p99", "ITL p99");

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final WatchOrder order;

    WatchBoard(List<MonitoredTarget> targets, WatchOrder order) {
        targets.forEach(target -> rows.put(target.name(), new Row(Reading.unread(target))));
        this.order = order;
    }

    synchronized void add(Reading reading) {
        Row row = rows.get(reading.name());
        if (row != null) {
            row.add(reading);
        }
    }

    /** Shows these targets from now on, those that are new at the end. */
    synchronized void follow(List<Reading> readings) {
        rows.keySet().retainAll(readings.stream().map(Reading::name).toList());
        readings.forEach(reading -> rows.computeIfAbsent(reading.name(), name -> new Row(reading)));
    }

    /** Takes what time alone changes, such as the age, without a place in the history. */
    synchronized void refresh(Reading reading) {
        Row row = rows.get(reading.name());
        if (row != null) {
            row.reading = reading;
        }
    }

    /**
     * One target.
     *
     * @param text what is known of it
     * @param isDown whether it could not be read the last time
     */
    record Line(String text, boolean isDown) {}

    /** The titles of the columns, at most {@code width} characters. */
    synchronized String head(int width) {
        Columns columns = columns(width);
        return Printable.cut(head(columns.engine, columns.name, columns.history), width);
    }

    /** One line a target, each at most {@code width} characters. */
    synchronized List<Line> lines(int width) {
        Columns columns = columns(width);
        List<Line> lines = new ArrayList<>();
        for (Reading reading : readings()) {
            Row row = row(reading);
            String start = padded(reading.engine(), columns.engine)
                    + "  " + padded(reading.name(), columns.name)
                    + "  " + padded(reading.state().name(), STATE_WIDTH)
                    + "  " + padded(SaturationTable.age(reading.age()), AGE_WIDTH) + "  ";
            String text = Printable.cut((start + row.numbers(columns.history)).stripTrailing(), width);
            lines.add(new Line(text, reading.error() != null));
        }
        return lines;
    }

    private record Columns(int engine, int name, int history) {}

    private Columns columns(int width) {
        List<Reading> readings = readings();
        int engine = widest(readings.stream().map(Reading::engine).toList(), "engine");
        int name = Math.min(
                NAME_WIDTH_MAX, widest(readings.stream().map(Reading::name).toList(), "target"));
        int fixed = engine + name + STATE_WIDTH + AGE_WIDTH + 8 + MORE_TITLES.size() * (NUMBER_WIDTH + 2);
        int room = (width - fixed) / TITLES.size() - NUMBER_WIDTH - 3;
        return new Columns(engine, name, room < HISTORY_WIDTH_MIN ? 0 : Math.min(room, History.LENGTH_MAX));
    }

    /** One line for each model. */
    synchronized List<String> models() {
        return ModelSummary.of(readings()).stream().map(ModelSummary::line).toList();
    }

    private List<Reading> readings() {
        return order.sorted(rows.values().stream().map(row -> row.reading).toList());
    }

    @SuppressWarnings("NullAway") // Each reading is of a row.
    private Row row(Reading reading) {
        return rows.get(reading.name());
    }

    private static String head(int engineWidth, int nameWidth, int history) {
        StringBuilder head = new StringBuilder(padded("engine", engineWidth) + "  " + padded("target", nameWidth) + "  "
                + padded("state", STATE_WIDTH) + "  " + padded("age", AGE_WIDTH) + "  ");
        for (String title : TITLES) {
            head.append(" ".repeat(NUMBER_WIDTH - title.length())).append(title).append(" ".repeat(history + 3));
        }
        for (String title : MORE_TITLES) {
            head.append(" ".repeat(NUMBER_WIDTH - title.length())).append(title).append("  ");
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
                    + cell(number(reading.tokensPerSecond()), Sparkline.of(tokensPerSecond.last(width)))
                    + cell(number(reading.requestsPerSecond()))
                    + cell(seconds(reading.timeToFirstTokenP99()))
                    + cell(seconds(reading.interTokenP99()));
        }

        private static String cell(String number) {
            return " ".repeat(Math.max(0, NUMBER_WIDTH - Printable.width(number))) + number + "  ";
        }

        private static String seconds(@Nullable Double value) {
            return value == null ? FieldTable.ABSENT : Words.rounded(value) + " s";
        }

        private static String cell(String number, String bars) {
            return " ".repeat(Math.max(0, NUMBER_WIDTH - Printable.width(number))) + number + " " + bars + "  ";
        }

        private static String number(@Nullable Number value) {
            return value == null ? FieldTable.ABSENT : Words.rounded(value.doubleValue());
        }
    }
}
