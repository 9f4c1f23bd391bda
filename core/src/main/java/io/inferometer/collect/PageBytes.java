package io.inferometer.collect;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/** Room for the page of one scrape after another, of whatever target. For one thread at a time. */
final class PageBytes {
    private static final int AT_FIRST = 1 << 17;

    /** The parser reads a few bytes behind what it looks at, where there are any. */
    private static final int SLACK = 64;

    private byte[] bytes = new byte[AT_FIRST];
    private int start;
    private int filled;

    /** Where bytes come from. */
    @FunctionalInterface
    interface Bytes {
        /** Reads some bytes, at least one; -1 at the end. */
        int read(byte[] into, int from, int most) throws IOException;
    }

    byte[] array() {
        return bytes;
    }

    /** Where the page begins in the array. */
    int start() {
        return start;
    }

    int length() {
        return filled - start;
    }

    /** Forgets what it holds. */
    void begin() {
        start = 0;
        filled = 0;
    }

    /** How many bytes have been taken in. */
    int filled() {
        return filled;
    }

    byte at(int index) {
        return bytes[index];
    }

    String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Moves bytes to where others were. */
    void move(int from, int to, int count) {
        System.arraycopy(bytes, from, bytes, to, count);
    }

    /** Says where in what was taken in the page is. */
    void keep(int from, int to) {
        start = from;
        filled = to;
    }

    /** Takes in some bytes behind those that are here; returns how many, -1 at the end. */
    int take(Bytes in) throws IOException {
        if (bytes.length - SLACK <= filled) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        int read = in.read(bytes, filled, bytes.length - SLACK - filled);
        if (read > 0) {
            filled += read;
        }
        return read;
    }

    /**
     * Takes in a page.
     *
     * @param text the page
     * @param most how large it may be
     * @return null when it is here; else a source of all of it, since it is larger or broke off
     * @throws IOException when no more came in time
     */
    @Nullable
    BufferedSource fill(BufferedSource text, int most) throws IOException {
        begin();
        try {
            while (take(text::read) >= 0) {
                if (filled > most) {
                    return again(text, null);
                }
            }
            return null;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return again(text, e);
        }
    }

    private BufferedSource again(BufferedSource rest, @Nullable IOException broken) {
        Buffer begun = new Buffer().write(bytes, 0, filled);
        return Okio.buffer(new Source() {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                if (!begun.exhausted()) {
                    return begun.read(sink, byteCount);
                }
                if (broken != null) {
                    throw broken;
                }
                return rest.read(sink, byteCount);
            }

            @Override
            public Timeout timeout() {
                return rest.timeout();
            }

            @Override
            public void close() {
                // The body is closed by whoever opened it.
            }
        });
    }
}
