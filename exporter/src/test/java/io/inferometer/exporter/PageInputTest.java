package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageInputTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', false",
        "'\n', false",
        "'# EOF', true",
        "'# EOF\n', true",
        "'# EOF\r\n', true",
        "'a 1\n# EOF', true",
        "'a 1\n# EOF\n', true",
        "'a 1\n# EOF\r\n', true",
        "'a 1\n# EOF\n\n', false",
        "'a 1\n# EOF \n', false",
        "'a 1\n # EOF\n', false",
        "'a 1 # EOF\n', false",
        "'a 1\n# EO\n', false",
        "'a 1\n# EOF\nb 2\n', false",
    })
    void knowsWhetherTheLastLineIsEof(String page, boolean eof) throws IOException {
        Path file = Files.writeString(folder.resolve("page"), page);

        try (PageInput input = PageInput.of(file.toString(), InputStream.nullInputStream())) {
            assertThat(input.endsWithEof()).isEqualTo(eof);
        }
        try (PageInput input = PageInput.of(null, new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)))) {
            assertThat(input.endsWithEof()).isEqualTo(eof);
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, PageInput.MEMORY_BYTES_MAX - 1, PageInput.MEMORY_BYTES_MAX, PageInput.MEMORY_BYTES_MAX + 1})
    void readsAPipeTwiceWhateverItsSize(int size) throws IOException {
        byte[] page = new byte[size];
        for (int i = 0; i < size; i++) {
            page[i] = (byte) (i * 31);
        }

        try (PageInput input = PageInput.of(null, new ByteArrayInputStream(page))) {
            assertThat(input.openToReadAgain().readAllBytes()).isEqualTo(page);
            assertThat(input.open().readAllBytes()).isEqualTo(page);
        }
    }
}
