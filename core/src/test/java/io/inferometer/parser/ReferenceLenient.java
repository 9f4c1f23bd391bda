package io.inferometer.parser;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The table of {@link ParseMode#LENIENT}, line by line. */
final class ReferenceLenient extends ReferenceParser {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("[^ \t]+");
    private static final Pattern BLANKS_AND_COMMAS = Pattern.compile("[ \t,]*");
    private static final Pattern SIGNED_NAN = Pattern.compile("(?i)[+-]nan");
    private static final Pattern MILLIS = Pattern.compile("[+-]?\\d+");
    private static final Pattern FAMILY = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?![^ \t])");

    private final List<Integer> skipped = new ArrayList<>();
    private boolean eof;

    private ReferenceLenient(boolean openMetrics) {
        super(openMetrics);
    }

    static List<String> read(byte[] page, boolean openMetrics) {
        ReferenceLenient reader = new ReferenceLenient(openMetrics);
        reader.readPage(text(page));
        return reader.events;
    }

    private void readPage(String page) {
        int line = 0;
        // What stands behind the last newline is a line only if there is something.
        for (String written : page.split("\n", -1)) {
            line++;
            text = written.endsWith("\r") ? written.substring(0, written.length() - 1) : written;
            at = line == 1 && text.startsWith("\u00EF\u00BB\u00BF") ? 3 : 0;
            try {
                readLine(line);
            } catch (Fault e) {
                skipped.add(line);
            }
        }
        events.add(samples + " samples, " + skipped.size() + " lines skipped, first "
                + skipped.subList(0, Math.min(8, skipped.size())) + (eof ? " EOF" : ""));
    }

    private void readLine(int line) {
        take(BLANKS);
        if (atEnd()) {
            return;
        }
        if (take("#")) {
            readComment();
            return;
        }
        require(!(openMetrics && eof));
        require(isUtf8(text.substring(at)));
        readSample();
        show(line);
    }

    private void readSample() {
        beginSample();
        if (take(METRIC_NAME)) {
            name = token;
            require(startsWith(" ") || startsWith("\t") || startsWith("{"));
        } else {
            require(startsWith("{"));
        }
        take(BLANKS);
        if (take("{")) {
            for (Label label : readLabels()) {
                addLabel(label.name(), label.value());
            }
        }
        require(name != null);
        value = number();
        take(BLANKS);
        if (!atEnd() && !startsWith("#")) {
            require(take(WORD));
            BigInteger time = openMetrics ? millisOf(token) : wholeMillis(token);
            require(isLong(time));
            millis = time.longValue();
        }
        take(BLANKS);
        if (take("#")) {
            readExemplar();
        }
        take(BLANKS);
        require(atEnd());
    }

    /** Labels up to the closing brace; a quoted word alone is the name of the metric. */
    private List<Label> readLabels() {
        List<Label> list = new ArrayList<>();
        take(BLANKS_AND_COMMAS);
        while (!take("}")) {
            boolean quoted = take(QUOTED);
            require(quoted || take(LABEL_NAME));
            String label = quoted ? token.substring(1, token.length() - 1) : token;
            take(BLANKS);
            if (take("=")) {
                list.add(new Label(label, quotedText()));
            } else {
                require(quoted && name == null);
                takeName(label);
            }
            take(BLANKS_AND_COMMAS);
        }
        return list;
    }

    private String quotedText() {
        take(BLANKS);
        require(take(QUOTED));
        return token.substring(1, token.length() - 1);
    }

    private double number() {
        take(BLANKS);
        require(take(WORD));
        return SIGNED_NAN.matcher(token).matches() ? Double.NaN : number(token);
    }

    private BigInteger wholeMillis(String written) {
        require(MILLIS.matcher(written).matches());
        return new BigInteger(written);
    }

    private void readExemplar() {
        take(BLANKS);
        require(take("{"));
        // The name of the metric is known by now, so a quoted word alone is a fault.
        exemplar = exemplarLabels(readLabels());
        exemplar += " " + number();
        take(BLANKS);
        if (!atEnd()) {
            require(take(WORD));
            BigInteger time = millisOf(token);
            require(isLong(time));
            exemplar += " @" + time;
        }
    }

    private void readComment() {
        if (!startsWith(" ") && !startsWith("\t")) {
            return;
        }
        take(BLANKS);
        String word = take(WORD) ? token : "";
        take(BLANKS);
        if (word.equals("EOF")) {
            eof |= atEnd();
            return;
        }
        if (word.equals("HELP")) {
            require(isUtf8(text.substring(at)));
        }
        if (List.of("HELP", "TYPE", "UNIT").contains(word)) {
            readMetadata(word);
        }
    }

    private void readMetadata(String word) {
        String family;
        if (take(QUOTED)) {
            family = token.substring(1, token.length() - 1);
        } else {
            family = take(FAMILY) ? token : "";
        }
        if (family.isEmpty() || !isUtf8(family)) {
            return;
        }
        take(BLANKS);
        if (word.equals("HELP")) {
            help(family, text.substring(at));
            return;
        }
        String said = take(WORD) ? token : "";
        take(BLANKS);
        if (!atEnd() || said.isEmpty()) {
            return;
        }
        if (word.equals("UNIT")) {
            unit(family, said);
            return;
        }
        String type = said.toLowerCase(Locale.ROOT);
        for (MetricType known : MetricType.values()) {
            if (known.word().equals(type.equals("untyped") ? "unknown" : type)) {
                type(family, known);
            }
        }
    }
}
