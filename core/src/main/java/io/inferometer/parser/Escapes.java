package io.inferometer.parser;

/**
 * Resolves backslashes.
 *
 * <p>A label value knows {@code \\}, {@code \"} and {@code \n}; a help text of the text format only {@code \\} and
 * {@code \n}. Any other pair stays as it is written, since Windows paths stand on real pages.
 */
final class Escapes {
    private Escapes() {}

    static boolean in(byte[] bytes, int from, int to) {
        return Bytes.indexOf((byte) '\\', bytes, from, to) >= 0;
    }

    /** The text of {@code [from, to)}, escapes resolved; {@code quotes} says whether {@code \"} is one. */
    static String text(byte[] bytes, int from, int to, boolean quotes) {
        if (!in(bytes, from, to)) {
            return Bytes.utf8(bytes, from, to);
        }
        byte[] resolved = new byte[to - from];
        return Bytes.utf8(resolved, 0, resolve(bytes, from, to, quotes, resolved));
    }

    /** Writes {@code [from, to)} to {@code into}, escapes resolved, and returns the length. */
    static int resolve(byte[] bytes, int from, int to, boolean quotes, byte[] into) {
        int length = 0;
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            int meant = b == '\\' && at + 1 < to ? meaning(bytes[at + 1], quotes) : -1;
            into[length++] = meant < 0 ? b : (byte) meant;
            at += meant < 0 ? 0 : 1;
        }
        return length;
    }

    /** How many characters, that is code points, {@code [from, to)} of valid UTF-8 has when escapes are resolved. */
    static int characters(byte[] bytes, int from, int to) {
        int count = 0;
        for (int at = from; at < to; at++) {
            boolean escape = bytes[at] == '\\' && at + 1 < to && meaning(bytes[at + 1], true) >= 0;
            count += (bytes[at] & 0xC0) == 0x80 ? 0 : 1;
            at += escape ? 1 : 0;
        }
        return count;
    }

    /** Adds the bytes of {@code [from, to)}, escapes resolved, to a hash. */
    static void hashInto(StrictHash hash, byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            int meant = bytes[at] == '\\' && at + 1 < to ? meaning(bytes[at + 1], true) : -1;
            hash.add(meant < 0 ? bytes[at] & 0xFF : meant);
            at += meant < 0 ? 0 : 1;
        }
    }

    /** What a backslash before {@code escaped} means, -1 if it means itself. */
    private static int meaning(byte escaped, boolean quotes) {
        return switch (escaped) {
            case '\\' -> '\\';
            case 'n' -> '\n';
            case '"' -> quotes ? '"' : -1;
            default -> -1;
        };
    }
}
