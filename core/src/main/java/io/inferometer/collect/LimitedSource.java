package io.inferometer.collect;

import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/** A source that counts, and refuses to go on past a limit. For one thread. */
final class LimitedSource extends ForwardingSource {
    private final long limit;
    private long bytes;
    private boolean exceeded;
    private long waitedNanos;

    LimitedSource(Source source, long limit) {
        super(source);
        this.limit = limit;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        long start = System.nanoTime();
        long read = super.read(sink, Math.min(byteCount, limit - bytes + 1));
        waitedNanos += System.nanoTime() - start;
        if (read > 0) {
            bytes += read;
        }
        if (bytes > limit) {
            exceeded = true;
            throw new IOException("more than " + limit + " bytes");
        }
        return read;
    }

    long bytes() {
        return bytes;
    }

    /** How long it took until the bytes were there. */
    long waitedNanos() {
        return waitedNanos;
    }

    boolean exceeded() {
        return exceeded;
    }
}
