package io.inferometer.exporter;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs the program as a shell would, in this process. */
final class Shell {
    private Shell() {}

    static Result run(String... arguments) {
        return runWithInput("", arguments);
    }

    static Result runWithInput(String input, String... arguments) {
        return runWithInput(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    static Result runWithInput(byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(Console.piped(new ByteArrayInputStream(input), out, err), arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    record Result(int exitCode, String out, String err) {
        List<String> outLines() {
            return out.lines().toList();
        }
    }
}
