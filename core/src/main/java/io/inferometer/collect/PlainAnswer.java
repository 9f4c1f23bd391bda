package io.inferometer.collect;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads an HTTP/1.1 answer of the plainest kind into an array: status 200, a length or chunks, no encoding. Anything else is a
 * {@link ProtocolException}. For one thread, and one answer.
 */
final class PlainAnswer {
    private static final int HEAD_BYTES_MAX = 16_384;
    private static final int CHUNK_LINE_MAX = 1_024;
    private static final byte[] STATUS = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

    private final PageBytes.Bytes in;
    private final PageBytes page;
    private final int most;
    private String contentType = "";
    private int bodyAt;
    private long length = -1;
    private boolean chunked;
    private boolean closes;

    /**
     * An answer that is about to come.
     *
     * @param in where it comes from
     * @param page takes it
     * @param most how large its body may be, in bytes
     */
    PlainAnswer(PageBytes.Bytes in, PageBytes page, int most) {
        this.in = in;
        this.page = page;
        this.most = most;
        page.begin();
    }

    String contentType() {
        return contentType;
    }

    /** Whether the other side closes the connection behind this answer. */
    boolean closes() {
        return closes;
    }

    /** Reads up to the body; returns when the first byte was there, by {@link System#nanoTime()}. */
    long readHead() throws IOException {
        more();
        long began = System.nanoTime();
        int lineAt = endOfLine(0, HEAD_BYTES_MAX);
        requireOk(lineAt);
        while (true) {
            int end = endOfLine(lineAt, HEAD_BYTES_MAX);
            if (end - lineAt == 2) {
                bodyAt = end;
                return began;
            }
            takeHeader(lineAt, end - 2);
            lineAt = end;
        }
    }

    /** Reads the body; {@link PageBytes} then holds it and nothing else. */
    void readBody() throws IOException {
        if (chunked && length >= 0) {
            throw new ProtocolException("chunks and a length");
        }
        if (chunked) {
            readChunks();
        } else {
            readLength();
        }
    }

    private void readLength() throws IOException {
        if (length < 0 || length > most) {
            throw new ProtocolException("no length, or too much");
        }
        int end = bodyAt + (int) length;
        while (page.filled() < end) {
            more();
        }
        requireEnd(end);
        page.keep(bodyAt, end);
    }

    private void readChunks() throws IOException {
        int from = bodyAt;
        int to = bodyAt;
        while (true) {
            int dataAt = endOfLine(from, from + CHUNK_LINE_MAX);
            int size = chunkSize(from, dataAt - 2);
            if (to - bodyAt + (long) size > most) {
                throw new ProtocolException("too much");
            }
            int next = dataAt + size + 2;
            while (page.filled() < next) {
                more();
            }
            requireLineEnd(next - 2);
            if (size == 0) {
                requireEnd(next);
                page.keep(bodyAt, to);
                return;
            }
            page.move(dataAt, to, size);
            to += size;
            from = next;
        }
    }

    private int chunkSize(int from, int to) throws IOException {
        int size = 0;
        int at = from;
        while (at < to) {
            int digit = Character.digit(page.at(at), 16);
            if (digit < 0) {
                break;
            }
            size = size << 4 | digit;
            at++;
            if (size > most) {
                throw new ProtocolException("too much");
            }
        }
        boolean odd = at < to && page.at(at) != ';' && page.at(at) != ' ';
        if (at == from || odd) {
            throw new ProtocolException("no size of a chunk");
        }
        return size;
    }

    private void requireOk(int lineEnd) throws IOException {
        boolean ok = lineEnd > STATUS.length;
        for (int i = 0; ok && i < STATUS.length; i++) {
            ok = page.at(i) == STATUS[i];
        }
        if (!ok || (page.at(STATUS.length) != ' ' && page.at(STATUS.length) != '\r')) {
            throw new ProtocolException("not 200");
        }
    }

    private void takeHeader(int from, int to) throws IOException {
        int colon = from;
        while (colon < to && page.at(colon) != ':') {
            colon++;
        }
        if (colon == from || colon == to || page.at(from) <= ' ') {
            throw new ProtocolException("not a header");
        }
        switch (text(from, colon).toLowerCase(Locale.ROOT)) {
            case "content-length" -> takeLength(text(colon + 1, to));
            case "transfer-encoding" -> chunked = requireWord("chunked", text(colon + 1, to));
            case "content-encoding" -> requireWord("identity", text(colon + 1, to));
            case "content-type" -> contentType = text(colon + 1, to);
            case "connection" -> closes |= !"keep-alive".equalsIgnoreCase(text(colon + 1, to));
            default -> {
                // Says nothing about where the body ends, or what it is.
            }
        }
    }

    private void takeLength(String value) throws IOException {
        try {
            if (length >= 0) {
                throw new ProtocolException("two lengths");
            }
            length = Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a length");
        }
    }

    private static boolean requireWord(String word, String value) throws IOException {
        if (!word.equalsIgnoreCase(value)) {
            throw new ProtocolException("an encoding");
        }
        return true;
    }

    private String text(int from, int to) {
        return page.text(from, to).strip();
    }

    /** The place behind the line that begins at {@code from}, which must end before {@code limit}. */
    private int endOfLine(int from, int limit) throws IOException {
        int at = from;
        while (true) {
            while (at < page.filled()) {
                if (page.at(at) == '\n') {
                    requireLineEnd(at - 1);
                    return at + 1;
                }
                at++;
            }
            if (at >= limit) {
                throw new ProtocolException("too long a line");
            }
            more();
        }
    }

    private void requireLineEnd(int at) throws IOException {
        if (at < 0 || page.at(at) != '\r' || page.at(at + 1) != '\n') {
            throw new ProtocolException("a line that does not end as lines do");
        }
    }

    /** Bytes that nobody asked for belong to no answer of ours. */
    private void requireEnd(int end) throws IOException {
        if (page.filled() > end) {
            throw new ProtocolException("more than the answer");
        }
    }

    private void more() throws IOException {
        if (page.take(in) < 0) {
            throw new EOFException("the connection was closed");
        }
    }
}
