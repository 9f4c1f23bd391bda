package io.inferometer.parser;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Tables of pages with what Prometheus says about each: {@code take | page}, the page with escapes. */
final class Verdicts {
    private Verdicts() {}

    static Stream<Arguments> in(String file) {
        try (InputStream in = Verdicts.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("--"))
                    .map(line -> Arguments.of(line.startsWith("take"), line.substring(line.indexOf('|') + 2)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes that {@code text} stands for. */
    static byte[] bytes(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                bytes.write(c);
            } else if (text.charAt(++i) == 'x') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write("\n\r\t\0\\".charAt("nrt0\\".indexOf(text.charAt(i))));
            }
        }
        return bytes.toByteArray();
    }
}
