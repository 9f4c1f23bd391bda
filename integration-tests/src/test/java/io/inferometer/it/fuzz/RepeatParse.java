package io.inferometer.it.fuzz;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.PageSyntaxException;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.RepeatParser;
import io.inferometer.parser.TooManySamplesException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Two pages of one target, one after the other and once more, read as if each were the first. */
public final class RepeatParse {
    private RepeatParse() {}

    /** The target. */
    public static void fuzzerTestOneInput(byte[] input) {
        ParserOptions options = FuzzedPage.options(input);
        boolean streamed = FuzzedPage.isStreamed(input);
        List<byte[]> pages = new ArrayList<>(FuzzedPage.pages(input, 2));
        pages.addAll(List.copyOf(pages));
        RepeatParser repeat = new RepeatParser(options);
        PageParser full = new PageParser(options);
        for (int i = 0; i < pages.size(); i++) {
            byte[] page = pages.get(i);
            List<String> expected = FullParse.told(full, page, page.length, options);
            List<String> found = told(repeat, page, streamed);
            if (!expected.equals(found)) {
                throw new AssertionError("Page " + i + " read again: " + found + "\nread first: " + expected);
            }
        }
    }

    private static List<String> told(RepeatParser parser, byte[] page, boolean streamed) {
        Told told = new Told();
        try {
            told.end(streamed ? parser.parse(new ByteArrayInputStream(page), told) : parser.parse(page, told));
        } catch (PageSyntaxException | TooManySamplesException e) {
            told.refused(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return told.events();
    }
}
