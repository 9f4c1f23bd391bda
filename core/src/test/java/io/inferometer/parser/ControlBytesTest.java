package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlBytesTest {
    private static final int SEED = 20261129;

    private final ControlBytes controls = new ControlBytes();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 63, 64, 511, 512, 513, 4095, 4096, 4097, 8192, 20_000})
    void findsTheNewlinesThatALookAtEachByteFinds(int length) {
        Random random = new Random(SEED + length);
        for (int lineBytes : new int[] {1, 3, 50, 500, 5000}) {
            byte[] page = page(random, length, lineBytes);
            int limit = length - random.nextInt(Math.min(length, 20) + 1);
            int from = random.nextInt(Math.min(limit, 20) + 1);

            assertThat(found(page, from, limit)).isEqualTo(newlines(page, from, limit));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5000})
    void looksFromWhereItIsToldWhenThatIsBehindTheNext(int stride) {
        byte[] page = page(new Random(SEED), 50_000, 40);
        for (int from = 0; from < page.length; from += stride) {
            List<Integer> expected = newlines(page, from, page.length);

            int newline = controls.newlineFrom(page, from, page.length);

            assertThat(newline).isEqualTo(expected.isEmpty() ? -1 : expected.get(0));
        }
    }

    private List<Integer> found(byte[] page, int from, int limit) {
        controls.forget();
        List<Integer> places = new ArrayList<>();
        int at = controls.newlineFrom(page, from, limit);
        while (at >= 0) {
            places.add(at);
            at = controls.newlineFrom(page, at + 1, limit);
        }
        return places;
    }

    private static List<Integer> newlines(byte[] page, int from, int limit) {
        List<Integer> places = new ArrayList<>();
        for (int at = from; at < limit; at++) {
            if (page[at] == '\n') {
                places.add(at);
            }
        }
        return places;
    }

    /** Bytes of every kind, newlines among them at least about every {@code lineBytes}. */
    private static byte[] page(Random random, int length, int lineBytes) {
        byte[] page = new byte[length];
        random.nextBytes(page);
        for (int at = random.nextInt(lineBytes); at < length; at += 1 + random.nextInt(2 * lineBytes)) {
            page[at] = '\n';
        }
        return page;
    }
}
