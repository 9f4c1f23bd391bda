package io.inferometer.parser;

/** A hash of a set of labels, in any order: 128 bits, so that two sets with the same one need not be feared. One thread. */
final class StrictHash {
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

    /** Begins with the empty set. */
    void clear() {
        first = 0;
        second = 0;
    }

    /** Adds all {@code labels} but one, or but none if that is -1. A label without a value is none. */
    void addAllBut(int except, LabelSpans labels) {
        for (int i = 0; i < labels.count(); i++) {
            if (i != except && !labels.isValueEmpty(i)) {
                labels.hashInto(this, i);
            }
        }
    }

    /** Begins with what {@code other} is, told apart from others with the same labels by {@code kind}. */
    void beginWith(StrictHash other, int kind) {
        first = other.first + kind * FIRST_FACTOR;
        second = other.second + kind * SECOND_FACTOR;
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
