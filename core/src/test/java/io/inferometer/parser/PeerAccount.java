package io.inferometer.parser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Our account of a page, in the words of {@code benchmarks/peers/verdicts}. */
final class PeerAccount implements SampleHandler {
    private final List<String> lines = new ArrayList<>();

    static List<String> of(PageParser parser, byte[] page) {
        PeerAccount account = new PeerAccount();
        try {
            parser.parse(page, account);
            account.lines.add("taken");
        } catch (PageSyntaxException e) {
            account.lines.add("refused " + e.getMessage());
        }
        return account.lines;
    }

    @Override
    public boolean wantsMetadata() {
        return true;
    }

    @Override
    public void onType(String family, MetricType type) {
        lines.add("TYPE " + escaped(family) + " " + type.word());
    }

    @Override
    public void onHelp(String family, String help) {
        lines.add("HELP " + escaped(family) + " " + escaped(help));
    }

    @Override
    public void onUnit(String family, String unit) {
        lines.add("UNIT " + escaped(family) + " " + escaped(unit));
    }

    @Override
    public void onSample(Sample sample) {
        String time = sample.hasTimestamp() ? Long.toString(sample.timestampMs()) : "-";
        String labels = labels(sample.labelCount(), sample::labelName, sample::labelValue)
                .map(label -> " " + label)
                .collect(Collectors.joining());
        lines.add("S " + escaped(sample.name()) + " " + bits(sample.value()) + " " + time + " " + exemplar(sample)
                + labels);
    }

    private static String exemplar(Sample sample) {
        if (!sample.hasExemplar()) {
            return "-";
        }
        return labels(sample.exemplarLabelCount(), sample::exemplarLabelName, sample::exemplarLabelValue)
                        .map(label -> label + ",")
                        .collect(Collectors.joining())
                + bits(sample.exemplarValue())
                + (sample.hasExemplarTimestamp() ? "@" + sample.exemplarTimestampMs() : "");
    }

    /** Sorted by the bytes of their names, as Prometheus keeps them. */
    private static Stream<String> labels(int count, IntFunction<String> name, IntFunction<String> value) {
        return IntStream.range(0, count)
                .boxed()
                .sorted(Comparator.comparing(
                        i -> name.apply(i).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .map(i -> escaped(name.apply(i)) + "=" + escaped(value.apply(i)));
    }

    private static String bits(double value) {
        return Double.isNaN(value) ? "NaN" : HexFormat.of().toHexDigits(Double.doubleToLongBits(value));
    }

    private static String escaped(String text) {
        return PeerDifference.escaped(text.getBytes(StandardCharsets.UTF_8));
    }
}
