package io.inferometer.exporter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from. A file is read where it stands; what is piped in is read once, and kept (small in memory,
 * big in a file that goes away) only when its end must be seen before its beginning can be read. One thread.
 */
final class PageInput implements Closeable {
    /** What is kept in memory of a page that is piped in. */
    static final int MEMORY_BYTES_MAX = 8 << 20;

    private static final int COPY_BYTES = 1 << 16;
    private static final byte[] EOF = "# EOF".getBytes(StandardCharsets.US_ASCII);

    /** An end of a page that holds its last line if that is {@code # EOF}: a newline before, a CR and one behind. */
    private static final int TAIL_BYTES = EOF.length + 3;

    private final InputStream pipe;
    private @Nullable Path file;
    private byte @Nullable [] memory;
    private @Nullable Path spool;

    private PageInput(@Nullable Path file, InputStream pipe) {
        this.file = file;
        this.pipe = pipe;
    }

    /**
     * A page to read.
     *
     * @param name of the file, null for what is piped in
     * @param stdin what is piped in
     */
    static PageInput of(@Nullable String name, InputStream stdin) throws IOException {
        if (name == null) {
            return new PageInput(null, stdin);
        }
        Path path = path(name);
        if (Files.isDirectory(path)) {
            throw new IOException("it is a directory");
        }
        // A named pipe can be read once only, like standard input.
        return Files.isRegularFile(path) ? new PageInput(path, stdin) : new PageInput(null, Files.newInputStream(path));
    }

    /** The page from its beginning, for the last time. */
    InputStream open() throws IOException {
        if (file != null) {
            return Files.newInputStream(file);
        }
        return memory != null ? new ByteArrayInputStream(memory) : pipe;
    }

    /** The page from its beginning, which can be opened once more. */
    InputStream openToReadAgain() throws IOException {
        keep();
        return open();
    }

    /** Whether the last line is {@code # EOF}, with or without newline. */
    boolean endsWithEof() throws IOException {
        keep();
        byte[] tail = tail();
        int end = tail.length;
        end -= end > 0 && tail[end - 1] == '\n' ? 1 : 0;
        end -= end > 0 && end < tail.length && tail[end - 1] == '\r' ? 1 : 0;
        int start = end - EOF.length;
        return start >= 0
                && Arrays.equals(tail, start, end, EOF, 0, EOF.length)
                && (start == 0 || tail[start - 1] == '\n');
    }

    @Override
    public void close() throws IOException {
        pipe.close();
        if (spool != null) {
            Files.deleteIfExists(spool);
        }
    }

    private void keep() throws IOException {
        if (file != null || memory != null) {
            return;
        }
        ByteArrayOutputStream start = new ByteArrayOutputStream();
        boolean whole = copy(pipe, start, MEMORY_BYTES_MAX);
        if (whole) {
            memory = start.toByteArray();
        } else {
            file = spoolOf(start);
        }
    }

    private Path spoolOf(ByteArrayOutputStream start) throws IOException {
        Path kept = Files.createTempFile("inferometer", ".page");
        kept.toFile().deleteOnExit(); // Ctrl-C comes between.
        spool = kept;
        try (OutputStream out = Files.newOutputStream(kept)) {
            start.writeTo(out);
            copy(pipe, out, Long.MAX_VALUE);
        }
        return kept;
    }

    /**
     * Copies to the end, or until at least {@code enough} bytes are copied; says whether it was the end. Done by hand,
     * because the streams' own ways ask a pipe for its position.
     */
    private static boolean copy(InputStream in, OutputStream out, long enough) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        long copied = 0;
        while (copied < enough) {
            int read = in.read(buffer);
            if (read < 0) {
                return true;
            }
            out.write(buffer, 0, read);
            copied += read;
        }
        return false;
    }

    private byte[] tail() throws IOException {
        if (memory != null) {
            return Arrays.copyOfRange(memory, Math.max(0, memory.length - TAIL_BYTES), memory.length);
        }
        try (RandomAccessFile page = new RandomAccessFile(String.valueOf(file), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL_BYTES, page.length())];
            page.seek(page.length() - tail.length);
            page.readFully(tail);
            return tail;
        }
    }

    private static Path path(String name) throws IOException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new NoSuchFileException(name);
        }
    }
}
