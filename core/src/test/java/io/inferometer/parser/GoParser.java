package io.inferometer.parser;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Prometheus' own parsers, in the process that {@code benchmarks/peers/verdicts} is. One thread. */
final class GoParser implements AutoCloseable {
    private final Process process;
    private final DataOutputStream to;
    private final BufferedReader from;

    GoParser(Path program) throws IOException {
        process = new ProcessBuilder(program.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        to = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 20));
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII), 1 << 20);
    }

    /** What it says of each page: what it read, and the verdict last. */
    List<List<String>> read(List<byte[]> pages, boolean openMetrics) throws IOException {
        Thread writer = new Thread(() -> write(pages, openMetrics), "to the Go parser");
        writer.setDaemon(true);
        writer.start();
        List<List<String>> answers = new ArrayList<>(pages.size());
        while (answers.size() < pages.size()) {
            answers.add(answer());
        }
        return answers;
    }

    private void write(List<byte[]> pages, boolean openMetrics) {
        try {
            for (byte[] page : pages) {
                to.write(openMetrics ? 'o' : 't');
                to.writeInt(page.length);
                to.write(page);
            }
            to.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> answer() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            String line = from.readLine();
            if (line == null) {
                throw new IOException("The Go program ended in the middle of an answer: " + lines);
            }
            lines.add(line);
            if (line.equals("taken") || line.startsWith("refused ") || line.startsWith("crashed ")) {
                return lines;
            }
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
