package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource({"3", "100000"})
    void endsQuietlyWhenNobodyReadsAnyMore(int lines) {
        int exitCode = Main.run(Console.piped(page(lines), failing("Broken pipe"), err), "parse");

        assertThat(exitCode).isEqualTo(0);
        assertThat(err.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3", "100000"})
    void saysWhyItCannotWrite(int lines) {
        int exitCode = Main.run(Console.piped(page(lines), failing("No space left on device"), err), "parse");

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("Cannot write the output: No space left on device\n");
    }

    @Test
    void endsQuietlyWhenNobodyReadsTheHelp() {
        int exitCode = Main.run(Console.piped(page(0), failing("Broken pipe"), err), "--help");

        assertThat(exitCode).isEqualTo(0);
        assertThat(err.size()).isZero();
    }

    @Test
    void keepsTheOrderOfWhatIsWritten() throws IOException {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        StringBuilder expected = new StringBuilder();
        try (Output out = new Output(target)) {
            for (int i = 0; i < 5000; i++) {
                String text = i % 1000 == 0 ? "x".repeat(40_000) : "é" + i;
                out.print(text);
                out.write(';');
                expected.append(text).append(';');
            }
        }

        assertThat(target.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    }

    private static InputStream page(int lines) {
        return new ByteArrayInputStream("a 1\n".repeat(lines).getBytes(StandardCharsets.UTF_8));
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int oneByte) throws IOException {
                throw new IOException(reason);
            }
        };
    }
}
