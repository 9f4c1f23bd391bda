package io.inferometer.it.fuzz;

import io.inferometer.parser.MetricType;
import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import io.inferometer.parser.SkippedLine;
import java.util.ArrayList;
import java.util.List;

/** All that a parser told of a page, as texts. */
final class Told implements SampleHandler {
    private final List<String> events = new ArrayList<>();

    List<String> events() {
        return events;
    }

    void end(ParseSummary summary) {
        events.add(summary + " "
                + summary.firstSkipped().stream().map(SkippedLine::toString).toList());
    }

    /** A page was refused, and metadata of the line that did it may have been told or not. */
    void refused(RuntimeException refusal) {
        events.removeIf(event -> event.startsWith("# "));
        events.add("refused: " + refusal.getMessage());
    }

    @Override
    public boolean wantsMetadata() {
        return true;
    }

    @Override
    public void onType(String family, MetricType type) {
        events.add("# TYPE " + family + " " + type);
    }

    @Override
    public void onHelp(String family, String help) {
        events.add("# HELP " + family + " " + help);
    }

    @Override
    public void onUnit(String family, String unit) {
        events.add("# UNIT " + family + " " + unit);
    }

    @Override
    public void onSample(Sample sample) {
        StringBuilder event = new StringBuilder();
        event.append(sample.line()).append(' ').append(sample.name());
        for (int i = 0; i < sample.labelCount(); i++) {
            event.append(' ').append(sample.labelName(i)).append('=').append(sample.labelValue(i));
        }
        event.append(' ').append(sample.value()).append(' ').append(sample.type());
        if (sample.hasTimestamp()) {
            event.append(" @").append(sample.timestampMs());
        }
        if (sample.hasExemplar()) {
            event.append(" # ").append(sample.exemplarValue());
            for (int i = 0; i < sample.exemplarLabelCount(); i++) {
                event.append(' ')
                        .append(sample.exemplarLabelName(i))
                        .append('=')
                        .append(sample.exemplarLabelValue(i));
            }
            event.append(sample.hasExemplarTimestamp() ? " @" + sample.exemplarTimestampMs() : "");
        }
        events.add(event.toString());
    }
}
