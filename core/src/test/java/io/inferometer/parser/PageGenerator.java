package io.inferometer.parser;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes small pages, good ones and ones with every fault we could think of. The same seed makes the same pages. */
final class PageGenerator {
    private static final String[] NAMES = {
        "a", "b", "up", "vllm:num_requests_running", "tgi_queue_size", "x_total", "h_bucket", "h_sum", "h_count",
        "h_created", "ray_vllm_x", ":", "_", "a_seconds", "NaN", "inf", "e1", "longer_name_than_sixteen_bytes_total"
    };
    private static final String[] ODD_NAMES = {
        "a-b", "1a", "é", "a.b", "", "a b", "a\u0000", "a\"", "-", "+", "{", "}", "#", "\uFEFFa", "a\r"
    };
    private static final String[] LABELS = {"le", "quantile", "model_name", "engine", "x", "y", "_", "A1", "__name__"};
    private static final String[] ODD_LABELS = {
        "x:y", "1x", "", "é", "x-y", "\"q\"", "\"\"", "\"q.é\"", "\"\\\"\"", "\"\n\""
    };
    private static final String[] TEXTS = {
        "",
        "0",
        "1",
        "0.5",
        "+Inf",
        "meta-llama/Llama-3.1-8B",
        "a,b",
        "a}b",
        "a=b",
        "a{b",
        "\\\\",
        "\\\"",
        "\\n",
        "\\d",
        "é",
        "日本",
        "😀",
        "#",
        " ",
        "\t",
        "16",
        "a much longer value, with 40 bytes or so in it"
    };
    private static final String[] ODD_TEXTS = {"l1\nl2", "\u0000", "\\\u0000\"", "\\\n", "\"", "\\", "a\r", "\uFFFD"};
    private static final String[] VALUES = {
        "0",
        "1",
        "12.0",
        "0.005637407302856445",
        "1.5e-05",
        "1e+011",
        "NaN",
        "+Inf",
        "-Inf",
        "-1",
        "+5",
        ".5",
        "5.",
        "1E5",
        "123456789012345678901234567890",
        "4.9e-324",
        "1.7976931348623157e308",
        "9007199254740993",
        "Nan",
        "inf",
        "infinity",
        "-infinity",
        "0e99999",
        "1.7631094230115845e+09",
        "00012",
        "-0",
        "0.1e1"
    };
    private static final String[] ODD_VALUES = {
        "1e400",
        "-1e400",
        "0x1p3",
        "0x10",
        "1_000",
        "1f",
        "1d",
        "1e",
        "1e+",
        ".",
        "-",
        "+",
        "e5",
        "--1",
        "1,5",
        "-nan",
        "+nan",
        "infin",
        "nano",
        "1.2.3",
        "",
        "1\u0000",
        "1{",
        "1#",
        "1\r",
        "\"1\"",
        "1e99999999999",
        "0x",
        "1L",
        "é"
    };
    private static final String[] STAMPS = {"0", "1", "1395066363000", "9223372036854775807", "0007"};
    private static final String[] ODD_STAMPS = {
        "-1",
        "-9223372036854775808",
        "9223372036854775808",
        "1.5",
        "-3982045",
        "1e3",
        "+5",
        "NaN",
        "1_0",
        "12a",
        "Inf",
        "1e300",
        "1520879607.789",
        "-0.0005",
        "",
        "99999999999999999999999",
        "5 6"
    };
    private static final String[] WORDS = {"counter", "gauge", "histogram", "summary", "untyped"};
    private static final String[] WORDS_OF_OPENMETRICS = {"counter", "gauge", "histogram", "summary", "unknown"};
    private static final String[] ODD_WORDS = {
        "unknown",
        "info",
        "stateset",
        "gaugehistogram",
        "COUNTER",
        "foo",
        "",
        "counter ",
        " counter",
        "counter\r",
        "counter\u0000",
        "gauge x"
    };
    private static final String[] COMMENTS = {
        "#",
        "# ",
        "# a comment",
        "#a",
        "# EOF",
        "#EOF",
        "# HELP",
        "# HELP ",
        "# TYPE",
        "# TYPE ",
        "# HELPx a b",
        "# TYPEa",
        "#\t HELP\t a  b",
        "# HELP a",
        "# HELP a ",
        "# HELP \"a b\" text",
        "# TYPE \"a b\" gauge",
        "# HELP a x\\y\\nz\\\\",
        "# UNIT a_seconds seconds",
        "# UNIT a seconds",
        "# UNIT a ",
        "# UNIT",
        "# \u0000",
        "#\u0000",
        "# x\u0000y",
        "# HE\u0000LP a b",
        "# HELP \u0000a b",
        "# HELP a\u0000b",
        "# HELP a \u0000",
        "# TYPE a,counter",
        "# TYPE a\"gauge",
        "# HELP a \u00e9",
        "# HELP 1a b",
        "# TYPE a-b gauge",
        " # TYPE b gauge",
        "  # x",
        "# TYPE \"a\nb\" gauge",
        "# EOF ",
        "# EOF\u0000",
        "# EOFx",
        "# H",
        "# T",
        "# HELP a\u0000",
        "# TYPE a\tgauge",
        "# TYPE a_seconds counter"
    };

    private final Random random;
    private final boolean openMetrics;

    /** How often, in percent, something odd is written. */
    private int oddPercent;

    PageGenerator(long seed, boolean openMetrics) {
        this.random = new Random(seed);
        this.openMetrics = openMetrics;
    }

    /** A page of a few lines; one in three is as it should be. */
    byte[] page() {
        oddPercent = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(6);
        StringBuilder page = new StringBuilder();
        for (int lines = random.nextInt(6); lines >= 0; lines--) {
            page.append(line()).append(lineEnd());
        }
        if (openMetrics && !odd()) {
            page.append("# EOF").append(odd() ? "" : "\n").append(odd() ? "x" : "");
        }
        byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
        return random.nextInt(8) == 0 ? mutated(bytes) : bytes;
    }

    /**
     * A page of 0.2 to 4 kB: one in three is as it should be, one in three such a one with a few changes, and the others
     * have many oddities.
     */
    byte[] largePage() {
        int kind = random.nextInt(3);
        oddPercent = kind == 0 ? 1 + random.nextInt(6) : 0;
        int size = 200 + random.nextInt(3600);
        StringBuilder page = new StringBuilder();
        while (page.length() < size) {
            page.append(line()).append(lineEnd());
        }
        page.append(openMetrics ? "# EOF\n" : "");
        byte[] bytes = page.toString().getBytes(StandardCharsets.UTF_8);
        return kind == 1 ? mutated(bytes) : bytes;
    }

    /** {@code page} with one to three small changes. */
    byte[] mutated(byte[] page) {
        byte[] bytes = page;
        for (int changes = random.nextInt(3); changes >= 0; changes--) {
            bytes = changed(bytes);
        }
        return bytes;
    }

    /** A run of lines of {@code page}, so that big pages give many small ones. */
    byte[] excerpt(byte[] page) {
        int from = page.length == 0 ? 0 : random.nextInt(page.length);
        int to = Math.min(page.length, from + 200 + random.nextInt(2000));
        while (from > 0 && page[from - 1] != '\n') {
            from--;
        }
        byte[] excerpt = Arrays.copyOfRange(page, from, to);
        return openMetrics ? join(excerpt, "\n# EOF\n".getBytes(StandardCharsets.UTF_8)) : excerpt;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T oneOf(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private byte[] changed(byte[] page) {
        if (page.length == 0) {
            return new byte[] {interestingByte()};
        }
        int at = random.nextInt(page.length);
        int length = Math.min(page.length - at, 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 3));
        byte[] head = Arrays.copyOf(page, at);
        byte[] piece = Arrays.copyOfRange(page, at, at + length);
        byte[] tail = Arrays.copyOfRange(page, at + length, page.length);
        return switch (random.nextInt(6)) {
            case 0 -> join(head, tail);
            case 1 -> join(head, new byte[] {interestingByte()}, piece, tail);
            case 2 -> join(head, piece, piece, tail);
            case 3 -> join(head, new byte[] {interestingByte()}, Arrays.copyOfRange(piece, 1, length), tail);
            case 4 -> join(head, pieceAt(page, random.nextInt(page.length), length), tail);
            default -> join(head, anything().getBytes(StandardCharsets.UTF_8), tail);
        };
    }

    private static byte[] pieceAt(byte[] page, int from, int length) {
        return Arrays.copyOfRange(page, from, Math.min(page.length, from + length));
    }

    private byte interestingByte() {
        String candidates = "\n\n\t  \"\"\\{}=,#:_-+.0159aeEnNxX\r\u0000";
        int i = random.nextInt(candidates.length() + 4);
        return i < candidates.length() ? (byte) candidates.charAt(i) : (byte) random.nextInt(256);
    }

    private String anything() {
        String[][] all = {
            NAMES, ODD_NAMES, LABELS, ODD_LABELS, TEXTS, ODD_TEXTS, VALUES, ODD_VALUES, STAMPS, ODD_STAMPS, COMMENTS
        };
        return pick(all[random.nextInt(all.length)]);
    }

    private String line() {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return odd() ? pick(COMMENTS) : "# HELP " + pick(NAMES) + " " + pick(TEXTS);
        }
        if (kind == 1) {
            return "# TYPE " + name() + gap() + either(openMetrics ? WORDS_OF_OPENMETRICS : WORDS, ODD_WORDS);
        }
        if (kind == 2 && odd()) {
            return random.nextBoolean() ? "" : pick(COMMENTS);
        }
        return sample();
    }

    private String sample() {
        boolean quotedName = random.nextInt(8) == 0;
        String value = gap() + either(VALUES, ODD_VALUES) + stamp() + exemplar() + (odd() ? " " : "");
        if (quotedName) {
            return "{" + blank() + quotedName() + (random.nextBoolean() ? comma() + labels() : "") + "}" + value;
        }
        return (odd() ? " " : "") + name() + blank() + (random.nextInt(4) == 0 ? "" : "{" + labels() + "}") + value;
    }

    private String quotedName() {
        return odd()
                ? pick(LABELS)
                : "\"" + either(new String[] {"my.metric", "é", "a\\\"b", "plain"}, ODD_TEXTS) + "\"";
    }

    private String name() {
        return either(NAMES, ODD_NAMES);
    }

    private String labels() {
        StringBuilder labels = new StringBuilder(odd() ? "," : "");
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            labels.append(label(i)).append(i < count - 1 || random.nextInt(4) == 0 ? comma() : "");
        }
        return labels.toString();
    }

    private String label(int i) {
        String name = odd() ? either(ODD_LABELS, LABELS) : LABELS[i * 3 + random.nextInt(i == 2 ? 2 : 3)];
        return blank() + name + blank() + (odd() ? "" : "=") + blank() + "\"" + either(TEXTS, ODD_TEXTS) + "\""
                + blank();
    }

    private String comma() {
        return odd() ? pick(new String[] {"", " ", ",,", ";", ", "}) : ",";
    }

    private String stamp() {
        return random.nextInt(4) > 0 ? "" : gap() + either(STAMPS, ODD_STAMPS);
    }

    private String exemplar() {
        if (openMetrics ? random.nextInt(4) > 0 : !odd()) {
            return "";
        }
        String labels = odd() ? labels() : "trace_id=\"" + either(TEXTS, ODD_TEXTS) + "\"";
        return gap() + "#" + gap() + "{" + labels + "}" + gap() + either(VALUES, ODD_VALUES) + stamp();
    }

    private String gap() {
        return odd() ? pick(new String[] {"", "\t", "  ", "\n", "\r"}) : " ";
    }

    private String blank() {
        return odd() ? pick(new String[] {" ", "\t", "\n", "\u0000"}) : "";
    }

    private String lineEnd() {
        return odd() ? pick(new String[] {"", "\r\n", "\n\n", " \n", "\u0000", "\n\u0000"}) : "\n";
    }

    private String either(String[] usual, String[] unusual) {
        return pick(odd() ? unusual : usual);
    }

    private String pick(String[] words) {
        return words[random.nextInt(words.length)];
    }

    private boolean odd() {
        return random.nextInt(100) < oddPercent;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
