package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A process that reads pages in one way, and what it needed so far. Closing ends it. For one thread at a time. */
final class Contender implements AutoCloseable {
    private final PageKind page;
    private final Way way;
    private final Process process;
    private final BufferedWriter toProcess;
    private final BufferedReader fromProcess;
    private final List<Long> medians = new ArrayList<>();
    private long least = Long.MAX_VALUE;
    private long allocated = Long.MAX_VALUE;

    Contender(PageKind page, Way way, List<String> command) throws IOException {
        this.page = page;
        this.way = way;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        toProcess = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        fromProcess = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Lets it run without counting. */
    void warmUp(long millis) {
        ask(millis);
    }

    /** Lets it run for a while. */
    void measure(long millis) {
        String[] answer = ask(millis).split(" ", -1);
        least = Math.min(least, Long.parseLong(answer[0]));
        medians.add(Long.parseLong(answer[1]));
        allocated = Math.min(allocated, Long.parseLong(answer[2]));
    }

    private String ask(long millis) {
        try {
            toProcess.write(millis + "\n");
            toProcess.flush();
            String answer = fromProcess.readLine();
            if (answer == null) {
                throw new IllegalStateException(
                        "%s ended while it read %s; what it said stands above.".formatted(way.title(), page.title()));
            }
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException("%s cannot be asked any more.".formatted(way.title()), e);
        }
    }

    /** The median of the rounds' medians; and the least of all. */
    Cell cell(int pageBytes) {
        Collections.sort(medians);
        return new Cell(page, way, pageBytes, least, medians.get(medians.size() / 2), allocated);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
