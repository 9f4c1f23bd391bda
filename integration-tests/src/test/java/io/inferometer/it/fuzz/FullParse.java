package io.inferometer.it.fuzz;

import io.inferometer.parser.PageParser;
import io.inferometer.parser.PageSyntaxException;
import io.inferometer.parser.ParseMode;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.TooManySamplesException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Any bytes are read, or refused by name, and the same whichever way they come. */
public final class FullParse {
    private FullParse() {}

    /** The target. */
    public static void fuzzerTestOneInput(byte[] input) {
        ParserOptions options = FuzzedPage.options(input);
        byte[] page = FuzzedPage.pages(input, 1).get(0);
        List<String> whole = told(new PageParser(options), page, page.length, options);
        for (int size : new int[] {1, 7, 13}) {
            List<String> pieces = told(new PageParser(options), page, size, options);
            if (!whole.equals(pieces)) {
                throw new AssertionError("In reads of " + size + ": " + pieces + "\nas a whole: " + whole);
            }
        }
    }

    static List<String> told(PageParser parser, byte[] page, int size, ParserOptions options) {
        Told told = new Told();
        try {
            told.end(size == page.length ? parser.parse(page, told) : parser.parse(pieces(page, size), told));
        } catch (PageSyntaxException e) {
            if (options.mode() == ParseMode.LENIENT) {
                throw new AssertionError("Lenient mode refuses no page.", e);
            }
            told.refused(e);
        } catch (TooManySamplesException e) {
            told.refused(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return told.events();
    }

    private static InputStream pieces(byte[] page, int size) {
        return new ByteArrayInputStream(page) {
            @Override
            public synchronized int read(byte[] into, int at, int room) {
                return super.read(into, at, Math.min(room, size));
            }
        };
    }
}
