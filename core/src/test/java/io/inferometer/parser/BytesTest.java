package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Eight bytes at a time must find what one byte at a time finds. */
class BytesTest {
    private final Random random = new Random(11);

    @Test
    void findsTheFirstNewlineWhereverItStands() {
        for (int length = 0; length < 40; length++) {
            for (int at = 0; at < length; at++) {
                byte[] bytes = noise(length + Bytes.EIGHT);
                bytes[at] = '\n';
                int expected = slowIndexOf(bytes, (byte) '\n');
                assertThat(Bytes.newlineIn(bytes, 0, length)).isEqualTo(expected);
                assertThat(Bytes.newlineFrom(bytes, 0)).isEqualTo(expected);
            }
        }
    }

    @Test
    void countsNewlines() {
        assertThat(Bytes.newlinesIn(Recording.bytes("\n\na\nbbbbbbbbbbbb\n"), 0, 17))
                .isEqualTo(4);
        assertThat(Bytes.newlinesIn(Recording.bytes("a"), 0, 1)).isZero();
        assertThat(Bytes.behindLastNewline(Recording.bytes("a\nb\nc"), 0, 5)).isEqualTo(4);
        assertThat(Bytes.behindLastNewline(Recording.bytes("abc"), 0, 3)).isZero();
    }

    @Test
    void tellsNameBytesFromAllOthers() {
        for (int value = 0; value < 256; value++) {
            for (int at = 0; at < 20; at++) {
                byte[] bytes = new byte[40];
                Arrays.fill(bytes, 0, 20, (byte) "_aZ:9zA0".charAt(random.nextInt(8)));
                bytes[0] = 'n';
                bytes[at] = (byte) value;
                assertThat(PlainLines.metricNameEnd(bytes, 0)).isEqualTo(slowNameEnd(bytes));
            }
        }
    }

    @Test
    void equalBytesHaveEqualHashes() {
        for (int length = 0; length < 40; length++) {
            byte[] bytes = noise(length + 20);
            byte[] moved = new byte[bytes.length + 3];
            System.arraycopy(bytes, 0, moved, 3, length);
            assertThat(Bytes.hash(moved, 3, 3 + length)).isEqualTo(Bytes.hash(bytes, 0, length));
        }
    }

    @Test
    void agreesWithTheJdkAboutUtf8() {
        for (int round = 0; round < 200_000; round++) {
            byte[] bytes = round % 3 == 0 ? noise(random.nextInt(6)) : nearlyUtf8();
            assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(jdkDecodes(bytes));
        }
    }

    @Test
    void saysWhereUtf8Ends() {
        byte[] bytes = {'a', (byte) 0xC3, (byte) 0xA9, 'b', (byte) 0xFF, 'c'};

        assertThat(Utf8.firstInvalid(bytes, 0, 6)).isEqualTo(4);
        assertThat(Utf8.firstInvalid(bytes, 0, 4)).isEqualTo(4);
        assertThat(Utf8.firstInvalid(bytes, 0, 2)).isEqualTo(1);
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A valid sequence with, perhaps, one bit turned or a byte lost. */
    private byte[] nearlyUtf8() {
        int codePoint = random.nextInt(random.nextBoolean() ? 0x1000 : 0x110000);
        String text = codePoint >= 0xD800 && codePoint < 0xE000 ? "\u0800" : new String(Character.toChars(codePoint));
        byte[] bytes = ("a" + text + "b").getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return Arrays.copyOf(bytes, bytes.length - random.nextInt(2));
    }

    private static boolean jdkDecodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static int slowIndexOf(byte[] bytes, byte value) {
        int at = 0;
        while (bytes[at] != value) {
            at++;
        }
        return at;
    }

    private static int slowNameEnd(byte[] bytes) {
        int at = 0;
        while (isName((char) (bytes[at] & 0xFF), at)) {
            at++;
        }
        return at == 0 ? PlainLines.NOT_PLAIN : at;
    }

    private static boolean isName(char c, int at) {
        return c < 0x80 && (Character.isLetter(c) || c == '_' || c == ':' || (Character.isDigit(c) && at > 0));
    }
}
