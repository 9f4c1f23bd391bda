package io.inferometer.parser;

/** A hash of a set of labels, in any order: 128 bits, so that two sets with the same one need not be feared. One thread. */
final class StrictHash {
    /** Leaves no label out. */
    static final int NONE = -1;

    /** Leaves all labels out. */
    static final int ALL = -2;

    private static final long FIRST_FACTOR = 0x9E3779B97F4A7C15L;
    private static final long SECOND_FACTOR = 0xC2B2AE3D27D4EB4FL;

    private long first;
    private long second;

    // The hash of one label while it is computed.
    private long one;
    private long other;

    long first() {
        return first;
    }

    long second() {
        return second;
    }

    /**
     * Hashes {@code labels}. A label without a value is none.
     *
     * @param except the label to leave out, or {@link #NONE} or {@link #ALL}
     * @param kind told apart from others with the same labels
     */
    void of(LabelSpans labels, int except, int kind) {
        first = kind * FIRST_FACTOR;
        second = kind * SECOND_FACTOR;
        int count = except == ALL ? 0 : labels.count();
        for (int i = 0; i < count; i++) {
            if (i != except && !labels.isValueEmpty(i)) {
                labels.hashInto(this, i);
            }
        }
    }

    void beginLabel() {
        one = FIRST_FACTOR;
        other = SECOND_FACTOR;
    }

    void add(int b) {
        one = Long.rotateLeft((one ^ b) * FIRST_FACTOR, 29);
        other = Long.rotateLeft((other + b) * SECOND_FACTOR, 31);
    }

    /** Adds the label to the set, by an addition, since the order of labels means nothing. */
    void endLabel() {
        first += scrambled(one ^ Long.rotateLeft(other, 32));
        second += scrambled(other);
    }

    private static long scrambled(long value) {
        long hash = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}
