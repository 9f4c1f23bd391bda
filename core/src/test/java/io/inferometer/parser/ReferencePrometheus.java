package io.inferometer.parser;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a scrape of Prometheus takes, token by token, in both formats. Pages with a NUL are not for this one: in some of
 * its states the original steps over it, which is no rule that anybody would write down.
 */
final class ReferencePrometheus extends ReferenceParser {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"\\\\]|\\\\[^\n])*+\"", Pattern.DOTALL);
    private static final Pattern QUOTED_IN_LINE = Pattern.compile("\"([^\"\\\\\n]|\\\\[^\n])*+\"", Pattern.DOTALL);
    private static final Pattern TO_NEWLINE = Pattern.compile("[^\n]*");
    private static final Pattern VALUE_OF_TEXT = Pattern.compile("[^ \t\n{]+");
    private static final Pattern WORD = Pattern.compile("[^ \n]+");
    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final List<String> TYPES_OF_TEXT = List.of("counter", "gauge", "histogram", "summary", "untyped");

    private int lines = 1;
    private int counted;

    private ReferencePrometheus(boolean openMetrics) {
        super(openMetrics);
    }

    static List<String> read(byte[] page, boolean openMetrics) {
        ReferencePrometheus reader = new ReferencePrometheus(openMetrics);
        try {
            reader.readPage(text(page));
            reader.events.add(reader.samples + " samples, taken");
        } catch (Fault e) {
            reader.events.removeIf(event -> event.matches("(?s)(TYPE|HELP|UNIT) .*"));
            reader.events.add("refused");
        }
        return reader.events;
    }

    private void readPage(String page) {
        text = openMetrics || page.endsWith("\n") ? page : page + "\n";
        if (openMetrics) {
            readOpenMetrics();
        } else {
            readText();
        }
    }

    /** The line that reading has come to. */
    private int line() {
        for (; counted < at; counted++) {
            lines += text.charAt(counted) == '\n' ? 1 : 0;
        }
        return lines;
    }

    private void readText() {
        while (!atEnd()) {
            int line = line();
            take(BLANKS);
            if (take("#")) {
                readCommentOfText();
            } else if (!atEnd() && !take("\n")) {
                readSampleOfText();
                show(line);
            }
        }
    }

    private void readCommentOfText() {
        boolean spaced = startsWith(" ") || startsWith("\t");
        take(BLANKS);
        boolean help = startsWith("HELP ") || startsWith("HELP\t");
        boolean type = startsWith("TYPE ") || startsWith("TYPE\t");
        if (!spaced || !(help || type)) {
            take(TO_NEWLINE);
            take("\n");
            return;
        }
        at += "HELP".length();
        take(BLANKS);
        String family = family();
        take(TO_NEWLINE);
        String rest = token.isEmpty() ? "" : token.substring(1); // Whatever stands behind the name divides.
        if (help) {
            require(isUtf8(rest));
            help(family, token.isBlank() ? "" : rest);
        } else {
            require(TYPES_OF_TEXT.contains(rest));
            type(family, rest.equals("untyped") ? MetricType.UNKNOWN : MetricType.valueOf(upper(rest)));
        }
        require(take("\n"));
    }

    private static String upper(String word) {
        return word.toUpperCase(Locale.ROOT);
    }

    private String family() {
        if (take(QUOTED)) {
            return token.substring(1, token.length() - 1);
        }
        require(take(METRIC_NAME));
        return token;
    }

    private void readSampleOfText() {
        beginSample();
        if (!startsWith("{")) {
            require(take(METRIC_NAME));
            name = token;
            take(BLANKS);
        }
        if (take("{")) {
            take(BLANKS);
            while (!take("}")) {
                readLabelOfText();
            }
            require(name != null);
            take(BLANKS);
        }
        require(take(VALUE_OF_TEXT));
        value = number(token);
        take(BLANKS);
        if (take(DIGITS)) {
            BigInteger time = new BigInteger(token);
            require(isLong(time));
            millis = time.longValue();
        }
        take(BLANKS);
        require(take("\n"));
    }

    private void readLabelOfText() {
        String written = labelName(QUOTED);
        take(BLANKS);
        if (startsWith("}")) {
            takeInnerName(written);
            return;
        }
        if (take(",")) {
            take(BLANKS);
            takeInnerName(written);
            return;
        }
        require(take("="));
        take(BLANKS);
        takeLabel(written, quoted(QUOTED));
        take(BLANKS);
        if (take(",")) {
            take(BLANKS);
        }
    }

    private String labelName(Pattern quoted) {
        require(take(quoted) || take(LABEL_NAME));
        return token;
    }

    private String quoted(Pattern pattern) {
        require(take(pattern));
        require(isUtf8(token));
        return token.substring(1, token.length() - 1);
    }

    private void takeInnerName(String written) {
        // One without quotes loses its first and last letter all the same.
        require(written.length() > 1);
        String inner = written.substring(1, written.length() - 1);
        require(isUtf8(inner));
        takeName(inner);
    }

    private void takeLabel(String written, String labelValue) {
        String label = written.startsWith("\"") ? written.substring(1, written.length() - 1) : written;
        require(isUtf8(label));
        addLabel(label, labelValue);
    }

    private void readOpenMetrics() {
        while (true) {
            int line = line();
            if (take("# EOF")) {
                take("\n");
                require(atEnd());
                return;
            }
            if (take("# ")) {
                readMetadata();
            } else {
                readSample();
                show(line);
            }
        }
    }

    private void readMetadata() {
        String word = startsWith("HELP ") ? "HELP" : startsWith("TYPE ") ? "TYPE" : "UNIT";
        require(take(word + " "));
        String family = family();
        require(take(" "));
        take(TO_NEWLINE);
        String rest = token;
        require(take("\n"));
        switch (word) {
            case "HELP" -> {
                help(family, rest);
                require(isUtf8(rest));
            }
            case "TYPE" -> {
                for (MetricType type : MetricType.values()) {
                    if (type.word().equals(rest)) {
                        type(family, type);
                        return;
                    }
                }
                throw new Fault();
            }
            default -> {
                require(rest.isEmpty() || family.endsWith("_" + rest));
                unit(family, rest);
            }
        }
    }

    private void readSample() {
        beginSample();
        if (!startsWith("{")) {
            require(take(METRIC_NAME));
            name = token;
        }
        if (take("{")) {
            while (!take("}")) {
                readLabel();
            }
            require(name != null);
        }
        value = number(word());
        if (startsWith(" ") && !startsWith(" # ")) {
            millis = nearest(millisOf(word()));
        }
        if (take(" # ")) {
            readExemplar();
        }
        require(take("\n"));
    }

    private void readLabel() {
        String written = labelName(QUOTED);
        if (startsWith("}") || take(",")) {
            takeInnerName(written);
            return;
        }
        require(take("="));
        takeLabel(written, quoted(QUOTED_IN_LINE));
        require(take(",") || startsWith("}"));
    }

    private String word() {
        require(take(" ") && take(WORD));
        return token;
    }

    private static long nearest(BigInteger time) {
        return isLong(time) ? time.longValue() : time.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    private void readExemplar() {
        List<Label> list = new ArrayList<>();
        require(take("{"));
        while (!take("}")) {
            String written = labelName(QUOTED_IN_LINE);
            require(take("="));
            String label = written.startsWith("\"") ? written.substring(1, written.length() - 1) : written;
            list.add(new Label(label, quoted(QUOTED_IN_LINE)));
            require(take(",") || startsWith("}"));
        }
        exemplar = exemplarLabels(list) + " " + number(word());
        if (startsWith(" ")) {
            exemplar += " @" + nearest(millisOf(word()));
        }
    }
}
