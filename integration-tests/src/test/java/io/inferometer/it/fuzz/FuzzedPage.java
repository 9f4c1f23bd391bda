package io.inferometer.it.fuzz;

import io.inferometer.parser.FamilyFilter;
import io.inferometer.parser.PageFormat;
import io.inferometer.parser.ParseMode;
import io.inferometer.parser.ParserOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How an input is read. Its first byte says with which options, so that a person can write one: {@code 0} is lenient text,
 * {@code 1} lenient OpenMetrics, {@code 2} and {@code 3} the same in prometheus mode, {@code 4} strict; 8 more, 16 more
 * and 32 more mean a filter, narrow limits and a stream. What stands behind it are pages with a line {@code ----} between
 * two.
 */
final class FuzzedPage {
    private static final byte[] DIVIDER = "----\n".getBytes(StandardCharsets.UTF_8);
    private static final int FILTERED = 8;
    private static final int NARROW = 16;
    private static final int STREAMED = 32;

    private FuzzedPage() {}

    static ParserOptions options(byte[] input) {
        int bits = input.length == 0 ? 0 : input[0] - '0';
        ParseMode mode =
                (bits & 4) != 0 ? ParseMode.STRICT : (bits & 2) != 0 ? ParseMode.PROMETHEUS : ParseMode.LENIENT;
        PageFormat format = (bits & 1) == 0 ? PageFormat.TEXT : PageFormat.OPENMETRICS;
        ParserOptions options = ParserOptions.defaults().withMode(mode).withFormat(format);
        if ((bits & FILTERED) != 0) {
            options = options.withFilter(FamilyFilter.ofFamilies(List.of("a", "up", "h", "vllm:num_requests_running")));
        }
        return (bits & NARROW) == 0
                ? options
                : options.withLineBytesMax(60).withLabelsMax(3).withSamplesMax(20);
    }

    static boolean isStreamed(byte[] input) {
        return input.length > 0 && ((input[0] - '0') & STREAMED) != 0;
    }

    /** Up to {@code most} pages. */
    static List<byte[]> pages(byte[] input, int most) {
        List<byte[]> pages = new ArrayList<>();
        int from = Math.min(1, input.length);
        for (int at = from; at < input.length && pages.size() < most - 1; at++) {
            boolean divides = input.length - at >= DIVIDER.length
                    && Arrays.equals(input, at, at + DIVIDER.length, DIVIDER, 0, DIVIDER.length);
            if (divides) {
                pages.add(Arrays.copyOfRange(input, from, at));
                from = at + DIVIDER.length;
            }
        }
        pages.add(Arrays.copyOfRange(input, Math.min(from, input.length), input.length));
        return pages;
    }
}
