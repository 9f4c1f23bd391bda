package io.inferometer.spi;

import io.inferometer.parser.PageFormat;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;

/** Pages from text. */
final class Texts {
    private Texts() {}

    static Page page(String text, MetricTable... tables) {
        return read(new Buffer().writeUtf8(text), PageFormat.TEXT, false, tables);
    }

    static Page pageWithSamples(String text, MetricTable... tables) {
        return read(new Buffer().writeUtf8(text), PageFormat.TEXT, true, tables);
    }

    static Page openMetrics(String text, MetricTable... tables) {
        return read(new Buffer().writeUtf8(text), PageFormat.OPENMETRICS, true, tables);
    }

    /** A page whose connection broke after {@code text}. */
    static Page cutPage(String text, MetricTable... tables) {
        return read(Okio.buffer(new BrokenSource(text)), PageFormat.TEXT, false, tables);
    }

    private static Page read(BufferedSource source, PageFormat format, boolean keepSamples, MetricTable... tables) {
        try {
            PageParser parser = new PageParser(ParserOptions.defaults().withFormat(format));
            return new PageReader(List.of(tables), keepSamples).read(parser, source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class BrokenSource extends ForwardingSource {
        BrokenSource(String text) {
            super(new Buffer().writeUtf8(text));
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long read = super.read(sink, byteCount);
            if (read < 0) {
                throw new EOFException("unexpected end of stream");
            }
            return read;
        }
    }
}
