package io.inferometer.parser;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In what our account of a page differs from that of Prometheus, and whether that is one of the few ways in which it may.
 * Both are lines as {@code benchmarks/peers/verdicts} writes them.
 */
enum PeerDifference {
    /** {@code {a} 1} makes the original read behind the end of a text. A page must not do that to us. */
    CRASH("a name too short for the original, which crashes"),
    /** A scrape of nothing never comes to a parser; ours is one, and misses the {@code # EOF}. */
    EMPTY_PAGE("an empty OpenMetrics page"),
    /**
     * The original takes a label without a value away, together with all others of its name, before it looks for doubles.
     * That loses what one of them said.
     */
    EMPTY_LABEL("a label name twice or an empty one, where a value is empty"),
    /** The original begins a name where the line begins, so that {@code " a 1"} is of a metric called {@code " a"}. */
    BLANKS("blanks before a name"),
    /** The original writes bounds and quantiles anew, as {@code 1.0} for {@code 1}, since TYPE said what they are. */
    BOUND("another spelling of the same le or quantile"),
    /** The original multiplies a double by 1000 and cuts it off, and what no long holds becomes the smallest one. */
    SECONDS("seconds that no long of milliseconds or no double holds exactly"),
    /** A NUL behind the newline of a HELP text makes the newline a part of it, in the original. */
    NUL_BEHIND_HELP("a NUL at the start of the line behind a HELP text"),
    /** The original shows labels of exemplars and names of families in metadata as they are written. */
    ESCAPES("escapes in an exemplar's label or in the name of a family");

    private static final Pattern LABEL = Pattern.compile("([^=]*)=(.*)");
    private static final List<String> BOUNDS = List.of("le", "quantile");

    private final String words;

    PeerDifference(String words) {
        this.words = words;
    }

    /** What is different, in words. */
    String words() {
        return words;
    }

    /** What was compared, and with what result. */
    static final class Tally {
        final Map<PeerDifference, Integer> named = new TreeMap<>();
        final List<String> unnamed = new ArrayList<>();

        /** Compares one page's accounts; whatever is not among the known ways is noted. */
        void compare(List<String> ours, List<String> theirs, byte[] page, long seed) {
            String verdict = verdict(ours) + "/" + verdict(theirs);
            boolean same = switch (verdict) {
                case "taken/taken" -> sameLines(body(ours), body(theirs));
                case "refused/refused" -> sameStart(samples(ours), samples(theirs));
                case "refused/crashed" -> note(CRASH);
                case "refused/taken" ->
                    page.length == 0 ? note(EMPTY_PAGE) : isOfEmptyLabel(ours, theirs) && note(EMPTY_LABEL);
                default -> false;
            };
            if (!same) {
                String text = new String(page, StandardCharsets.UTF_8);
                unnamed.add("seed " + seed + ":\n" + text + "\n  ours   " + ours + "\n  theirs " + theirs);
            }
        }

        private boolean sameLines(List<String> ours, List<String> theirs) {
            return ours.size() == theirs.size() && sameStart(ours, theirs);
        }

        /** Where both refuse, they may note it a token earlier or later. */
        private boolean sameStart(List<String> ours, List<String> theirs) {
            for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
                if (!sameLine(ours.get(i), theirs.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private boolean sameLine(String ours, String theirs) {
            if (ours.equals(theirs)) {
                return true;
            }
            String[] our = ours.split(" ", -1);
            String[] their = theirs.split(" ", -1);
            if (our.length != their.length || !our[0].equals(their[0])) {
                return false;
            }
            return our[0].equals("S") ? sameSample(our, their) : sameMetadata(our, their);
        }

        private boolean sameMetadata(String[] our, String[] their) {
            boolean sameText = our[2].equals(their[2])
                    || (our[0].equals("HELP") && their[2].equals(our[2] + "%0a") && note(NUL_BEHIND_HELP));
            return sameText && (our[1].equals(their[1]) || (our[1].equals(resolved(their[1])) && note(ESCAPES)));
        }

        private boolean sameSample(String[] our, String[] their) {
            boolean same = our[2].equals(their[2])
                    && (our[1].equals(their[1])
                            || (their[1].matches("(%20|%09)+" + Pattern.quote(our[1])) && note(BLANKS)))
                    && sameTime(our[3], their[3])
                    && sameExemplar(our[4], their[4]);
            for (int i = 5; same && i < our.length; i++) {
                same = our[i].equals(their[i]) || (sameBound(our[i], their[i]) && note(BOUND));
            }
            return same;
        }

        private boolean sameTime(String our, String their) {
            if (our.equals(their)) {
                return true;
            }
            if (our.equals("-") || their.equals("-")) {
                return false;
            }
            long ourTime = Long.parseLong(our);
            long theirTime = Long.parseLong(their);
            double rounding = Math.max(1, 2 * Math.ulp((double) theirTime));
            boolean beyond = theirTime == Long.MIN_VALUE && ourTime >= Long.MAX_VALUE - 2 * rounding;
            return (beyond || Math.abs((double) ourTime - theirTime) <= rounding) && note(SECONDS);
        }

        /** Labels with commas behind them, the value, and perhaps {@code @} and a time. */
        private boolean sameExemplar(String our, String their) {
            if (our.equals(their)) {
                return true;
            }
            String[] ourParts = our.split("[,@]", -1);
            String[] theirParts = their.split("[,@]", -1);
            boolean same = ourParts.length == theirParts.length && our.contains("@") == their.contains("@");
            int last = ourParts.length - 1;
            for (int i = 0; same && i <= last; i++) {
                boolean time = our.contains("@") && i == last;
                same = time
                        ? sameTime(ourParts[i], theirParts[i])
                        : ourParts[i].equals(theirParts[i])
                                || (ourParts[i].equals(resolvedLabel(theirParts[i])) && note(ESCAPES));
            }
            return same;
        }

        private boolean note(PeerDifference difference) {
            named.merge(difference, 1, Integer::sum);
            return true;
        }
    }

    private static String verdict(List<String> account) {
        return account.get(account.size() - 1).split(" ", 2)[0];
    }

    private static List<String> body(List<String> account) {
        return account.subList(0, account.size() - 1);
    }

    private static List<String> samples(List<String> account) {
        return account.stream().filter(line -> line.startsWith("S ")).toList();
    }

    private static boolean isOfEmptyLabel(List<String> ours, List<String> theirs) {
        List<String> shown = samples(theirs);
        int refused = samples(ours).size();
        if (refused >= shown.size()) {
            return false;
        }
        List<String> names = new ArrayList<>();
        boolean empty = false;
        String[] parts = shown.get(refused).split(" ", -1);
        for (int i = 5; i < parts.length; i++) {
            names.add(parts[i].substring(0, parts[i].indexOf('=')));
            empty |= parts[i].endsWith("=");
        }
        return empty && (names.contains("") || names.stream().distinct().count() < names.size());
    }

    private static boolean sameBound(String our, String their) {
        Matcher ourLabel = LABEL.matcher(our);
        Matcher theirLabel = LABEL.matcher(their);
        return ourLabel.matches()
                && theirLabel.matches()
                && ourLabel.group(1).equals(theirLabel.group(1))
                && BOUNDS.contains(ourLabel.group(1))
                && sameNumber(ourLabel.group(2), theirLabel.group(2));
    }

    private static boolean sameNumber(String our, String their) {
        return number(our) == number(their); // No NaN is equal, and -0 is 0, which is how the original writes it.
    }

    private static double number(String written) {
        byte[] bytes = plain(written).getBytes(StandardCharsets.ISO_8859_1);
        DecimalReader reader = new DecimalReader();
        return reader.read(bytes, 0, bytes.length) ? reader.value() : Double.NaN;
    }

    private static String resolvedLabel(String label) {
        int equals = label.indexOf('=');
        return equals < 0 ? label : resolved(label.substring(0, equals)) + "=" + resolved(label.substring(equals + 1));
    }

    /** The same text with its escapes resolved. */
    private static String resolved(String written) {
        return escaped(ReferenceParser.unescaped(plain(written), true).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** What {@link #escaped} wrote, each byte a char. */
    private static String plain(String written) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < written.length(); i++) {
            boolean coded = written.charAt(i) == '%';
            plain.append(coded ? (char) HexFormat.fromHexDigits(written, i + 1, i + 3) : written.charAt(i));
            i += coded ? 2 : 0;
        }
        return plain.toString();
    }

    /** A text as both sides write it: a few bytes as they are, the others as {@code %} and two digits. */
    static String escaped(byte[] text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text) {
            boolean letter = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= ':');
            if (letter || b == '_' || b == '.') {
                escaped.append((char) b);
            } else {
                escaped.append('%').append(HexFormat.of().toHexDigits(b));
            }
        }
        return escaped.toString();
    }
}
