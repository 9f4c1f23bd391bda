package io.inferometer.parser;

import org.jspecify.annotations.Nullable;

/** The words behind {@code # TYPE}. */
final class TypeWords {
    private static final MetricType[] TYPES = MetricType.values();
    private static final MetricType[] TYPES_OF_TEXT = {
        MetricType.COUNTER, MetricType.GAUGE, MetricType.HISTOGRAM, MetricType.SUMMARY
    };
    private static final String UNTYPED = "untyped";

    private TypeWords() {}

    /** The type that {@code [from, to)} names in either format and any case, null if it names none. */
    static @Nullable MetricType anyCase(byte[] bytes, int from, int to) {
        for (MetricType type : TYPES) {
            if (equalInAnyCase(bytes, from, to, type.word())) {
                return type;
            }
        }
        return equalInAnyCase(bytes, from, to, UNTYPED) ? MetricType.UNKNOWN : null;
    }

    /** The type that {@code [from, to)} names in the text format, null if it names none. */
    static @Nullable MetricType ofText(byte[] bytes, int from, int to) {
        return Bytes.equal(bytes, from, to, UNTYPED) ? MetricType.UNKNOWN : among(TYPES_OF_TEXT, bytes, from, to);
    }

    /** The type that {@code [from, to)} names in OpenMetrics, null if it names none. */
    static @Nullable MetricType ofOpenMetrics(byte[] bytes, int from, int to) {
        return among(TYPES, bytes, from, to);
    }

    private static @Nullable MetricType among(MetricType[] types, byte[] bytes, int from, int to) {
        for (MetricType type : types) {
            if (Bytes.equal(bytes, from, to, type.word())) {
                return type;
            }
        }
        return null;
    }

    private static boolean equalInAnyCase(byte[] bytes, int from, int to, String word) {
        if (to - from != word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if ((bytes[from + i] | 0x20) != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
