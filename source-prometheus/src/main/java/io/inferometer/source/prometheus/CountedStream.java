package io.inferometer.source.prometheus;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read and ends with an error where it is too much. For one thread. */
final class CountedStream extends FilterInputStream {
    private final long bytesMax;
    private long bytes;

    CountedStream(InputStream in, long bytesMax) {
        super(in);
        this.bytesMax = bytesMax;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        count(Math.max(0, read));
        return read;
    }

    private void count(int more) throws IOException {
        bytes += more;
        if (bytes > bytesMax) {
            throw new TooLongException();
        }
    }

    /** More bytes than were allowed. */
    @SuppressWarnings("serial") // Thrown and caught here.
    static final class TooLongException extends IOException {}
}
