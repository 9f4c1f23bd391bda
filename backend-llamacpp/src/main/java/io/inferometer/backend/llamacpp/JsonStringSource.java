package io.inferometer.backend.llamacpp;

import java.io.EOFException;
import java.io.IOException;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import okio.Source;
import okio.Timeout;

/**
 * The text inside a JSON string, as it arrives: some bytes of memory, however long the string is. For one thread.
 *
 * <p>A string that ends early, or has an escape that JSON does not know, fails like a body that was cut there.
 */
final class JsonStringSource implements Source {
    private static final ByteString SPECIAL = ByteString.encodeUtf8("\"\\");
    private static final int HEX_DIGITS = 4;

    private final BufferedSource wrapped;
    private final Buffer text = new Buffer();
    private boolean begun;
    private boolean ended;

    /** Reads {@code wrapped} from its opening quote on. */
    JsonStringSource(BufferedSource wrapped) {
        this.wrapped = wrapped;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
        if (!begun) {
            wrapped.skip(1); // The quote.
            begun = true;
        }
        while (text.exhausted() && !ended) {
            decodeSome();
        }
        return text.read(sink, byteCount);
    }

    @Override
    public Timeout timeout() {
        return wrapped.timeout();
    }

    @Override
    public void close() throws IOException {
        wrapped.close();
    }

    private void decodeSome() throws IOException {
        if (!wrapped.request(1)) {
            throw new EOFException("the JSON string has no end");
        }
        Buffer arrived = wrapped.getBuffer();
        long plain = arrived.indexOfElement(SPECIAL);
        if (plain != 0) {
            text.write(arrived, plain < 0 ? arrived.size() : plain);
        } else if (wrapped.readByte() == '"') {
            ended = true;
        } else {
            decodeEscape();
        }
    }

    private void decodeEscape() throws IOException {
        byte letter = wrapped.readByte();
        switch (letter) {
            case '"', '\\', '/' -> text.writeByte(letter);
            case 'n' -> text.writeByte('\n');
            case 't' -> text.writeByte('\t');
            case 'r' -> text.writeByte('\r');
            case 'b' -> text.writeByte('\b');
            case 'f' -> text.writeByte('\f');
            case 'u' -> decodeUnicode();
            default -> throw new IOException("the JSON string has an unknown escape");
        }
    }

    private void decodeUnicode() throws IOException {
        int unit = readHex();
        if (Character.isHighSurrogate((char) unit) && nextIsUnicodeEscape()) {
            wrapped.skip(2);
            int low = readHex();
            text.writeUtf8CodePoint(Character.toCodePoint((char) unit, (char) low));
        } else {
            text.writeUtf8CodePoint(unit); // A surrogate alone becomes a question mark.
        }
    }

    private boolean nextIsUnicodeEscape() throws IOException {
        return wrapped.request(2)
                && wrapped.getBuffer().getByte(0) == '\\'
                && wrapped.getBuffer().getByte(1) == 'u';
    }

    private int readHex() throws IOException {
        String digits = wrapped.readUtf8(HEX_DIGITS);
        int unit = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw new IOException("the JSON string has an unknown escape");
            }
            unit = 16 * unit + digit;
        }
        return unit;
    }
}
