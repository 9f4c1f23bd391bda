package io.inferometer.collect;

import java.io.IOException;
import java.io.InterruptedIOException;
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
    private int length;

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
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
        length = 0;
        try {
            int read = take(text);
            while (read >= 0) {
                length += read;
                if (length > most) {
                    return again(text, null);
                }
                read = take(text);
            }
            return null;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return again(text, e);
        }
    }

    private int take(BufferedSource text) throws IOException {
        if (bytes.length - SLACK <= length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length);
        }
        return text.read(bytes, length, bytes.length - SLACK - length);
    }

    private BufferedSource again(BufferedSource rest, @Nullable IOException broken) {
        Buffer begun = new Buffer().write(bytes, 0, length);
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
