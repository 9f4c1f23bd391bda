package io.inferometer.exporter;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * The three standard streams of a command.
 *
 * @param in what is piped in
 * @param out data
 * @param err everything else
 * @param ofProcess whether these are the streams that the shell gave to this process, so that one may be a terminal
 */
record Console(InputStream in, Output out, PrintStream err, boolean ofProcess) {
    /** The streams of this process. */
    static Console system() {
        return of(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                true);
    }

    /** Streams that are no terminal. */
    static Console piped(InputStream in, OutputStream out, OutputStream err) {
        return of(in, out, err, false);
    }

    /** One line for the user, whatever the text holds. */
    void complain(String message) {
        err.print(Printable.line(message) + "\n");
        err.flush();
    }

    private static Console of(InputStream in, OutputStream out, OutputStream err, boolean ofProcess) {
        return new Console(in, new Output(out), new PrintStream(err, true, StandardCharsets.UTF_8), ofProcess);
    }
}
