package io.inferometer.exporter;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Standard output: data and nothing else, UTF-8 whatever the locale says. A reader who has gone away ends the program
 * by {@link Closed}, from wherever it is. One thread at a time.
 */
final class Output extends OutputStream {
    private static final int BUFFER_BYTES = 1 << 14;

    private final OutputStream target;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;

    Output(OutputStream target) {
        this.target = target;
    }

    void print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
    }

    void line(String text) {
        print(text);
        write('\n');
    }

    void lines(Iterable<String> texts) {
        texts.forEach(this::line);
    }

    @Override
    public void write(int oneByte) {
        if (used == buffer.length) {
            drain();
        }
        buffer[used++] = (byte) oneByte;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        if (length > buffer.length - used) {
            drain();
        }
        if (length > buffer.length) {
            send(bytes, from, length);
        } else {
            System.arraycopy(bytes, from, buffer, used, length);
            used += length;
        }
    }

    @Override
    public void flush() {
        drain();
        try {
            target.flush();
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Flushes; the stream itself is not ours to close. */
    @Override
    public void close() {
        flush();
    }

    private void drain() {
        int length = used;
        used = 0; // What could not be sent is not tried again.
        send(buffer, 0, length);
    }

    private void send(byte[] bytes, int from, int length) {
        try {
            target.write(bytes, from, length);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static RuntimeException failure(IOException e) {
        String reason = String.valueOf(e.getMessage());
        boolean nobodyReads =
                Arrays.asList("Broken pipe", "Connection reset by peer").contains(reason);
        return nobodyReads ? new Closed(e) : new Failed(e);
    }

    /** Nobody reads any more. */
    static final class Closed extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        Closed(IOException cause) {
            super(cause);
        }
    }

    /** The output took no more, and not because its reader had gone. */
    static final class Failed extends UncheckedIOException {
        private static final long serialVersionUID = 1L;

        Failed(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
