package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {
    @ParameterizedTest
    @CsvSource({
        "plain, plain",
        "'two\nlines', two lines",
        "'tab\tbed', tab bed",
        "'\u001b[2Jclear', ?[2Jclear",
        "'right\u202eleft', right?left",
        "'line\u2028end', line end",
        "ünïcödé 😀, ünïcödé 😀"
    })
    void cannotMoveTheCursor(String text, String line) {
        assertThat(Printable.line(text)).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({"abc, 3, abc", "abcd, 3, ab…", "😀😀😀, 2, 😀…", "abc, 1, …", "abc, 0, ''"})
    void cutsByCharacters(String text, int width, String cut) {
        assertThat(Printable.cut(text, width)).isEqualTo(cut);
    }
}
