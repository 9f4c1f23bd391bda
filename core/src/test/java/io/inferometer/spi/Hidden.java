package io.inferometer.spi;

/** A record into which other packages cannot look. */
public final class Hidden {
    private record Empty(Object nothing) {}

    private Hidden() {}

    /** A record whose only component is null. */
    public static Object record() {
        return new Empty(null);
    }
}
