package io.inferometer.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStringSourceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ""                      | ``
                    "plain"                 | plain
                    "a\\\\b"                | a\\b
                    "say \\"hi\\""          | say "hi"
                    "a\\/b"                 | a/b
                    "\\u0041\\u00e9\\u20AC" | Aé€
                    "\\ud83d\\ude00"        | 😀
                    "\\ud83dx"              | ?x
                    "\\ud83d\\n."           | `?\n.`
                    "é raw"                 | é raw
                    "text" and more         | text
                    """)
    void readsTheTextInAString(String json, String text) throws IOException {
        assertThat(decode(json)).isEqualTo(text);
        assertThat(decodeBytewise(json)).isEqualTo(text);
    }

    @Test
    void readsTheEscapesOfControlCharacters() throws IOException {
        assertThat(decode("\"\\n\\t\\r\\b\\f\"")).isEqualTo("\n\t\r\b\f");
    }

    @Test
    void givesNoMoreThanAskedFor() throws IOException {
        JsonStringSource source = new JsonStringSource(new Buffer().writeUtf8("\"abc\\u20acdef\""));
        Buffer sink = new Buffer();
        while (sink.size() < 9) {
            assertThat(source.read(sink, 1)).isEqualTo(1);
        }
        assertThat(source.read(sink, 1)).isEqualTo(-1);
        assertThat(sink.readUtf8()).isEqualTo("abc€def");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "\"abc", "\"abc\\", "\"abc\\u", "\"abc\\u00e"})
    void failsWhereAStringHasNoEnd(String json) {
        assertThatExceptionOfType(EOFException.class).isThrownBy(() -> decode(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\\x\"", "\"a\\u00g0\"", "\"a\\u-001\"", "\"a\\\n\""})
    void failsAtAnEscapeThatJsonDoesNotKnow(String json) {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> decode(json))
                .withMessage("the JSON string has an unknown escape");
    }

    @Test
    void givesWhatCameBeforeAStringBroke() throws IOException {
        BufferedSource text = Okio.buffer((Source) new JsonStringSource(new Buffer().writeUtf8("\"one\\ntwo")));
        assertThat(text.readUtf8Line()).isEqualTo("one");
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> text.readUtf8())
                .withMessage("the JSON string has no end");
    }

    @Test
    void passesTimeoutAndCloseOn() throws IOException {
        boolean[] closed = {false};
        Timeout timeout = new Timeout();
        Source wrapped = new ForwardingSource(new Buffer()) {
            @Override
            public Timeout timeout() {
                return timeout;
            }

            @Override
            public void close() {
                closed[0] = true;
            }
        };
        JsonStringSource source = new JsonStringSource(Okio.buffer(wrapped));
        assertThat(source.timeout()).isSameAs(timeout);
        source.close();
        assertThat(closed[0]).isTrue();
    }

    private static String decode(String json) throws IOException {
        return Okio.buffer((Source) new JsonStringSource(new Buffer().writeUtf8(json)))
                .readUtf8();
    }

    /** As if each byte came in a packet of its own. */
    private static String decodeBytewise(String json) throws IOException {
        Source slow = new ForwardingSource(new Buffer().writeUtf8(json)) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                return super.read(sink, 1);
            }
        };
        return Okio.buffer((Source) new JsonStringSource(Okio.buffer(slow))).readUtf8();
    }
}
