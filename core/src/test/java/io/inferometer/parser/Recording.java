package io.inferometer.parser;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import okio.Buffer;

/** Writes down everything that a parse tells, so that two parses can be compared as texts. */
final class Recording implements SampleHandler {
    final List<String> events = new ArrayList<>();
    private final boolean metadata;

    Recording() {
        this(true);
    }

    private Recording(boolean metadata) {
        this.metadata = metadata;
    }

    /** One that does not want to hear what comments say. */
    static Recording withoutMetadata() {
        return new Recording(false);
    }

    /** How a page gets into a parser. */
    @FunctionalInterface
    interface Feed {
        ParseSummary to(PageParser parser, SampleHandler handler) throws IOException;
    }

    /** Everything a parse told, and how it ended. */
    static List<String> of(PageParser parser, Feed feed) {
        Recording recording = new Recording();
        try {
            recording.end(feed.to(parser, recording));
        } catch (PageSyntaxException e) {
            recording.events.removeIf(event -> event.matches("(?s)(TYPE|HELP|UNIT) .*"));
            recording.events.add("refused: " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return recording.events;
    }

    /** The samples of a page, each like {@code name{a="b"} 1.0}. */
    static List<String> samples(ParserOptions options, String page) {
        List<String> samples = new ArrayList<>();
        new PageParser(options).parse(bytes(page), sample -> samples.add(line(sample)));
        return samples;
    }

    /** The summary of a page read leniently as text. */
    static ParseSummary summary(String page) {
        return new PageParser().parse(bytes(page), sample -> {});
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Feed array(byte[] page) {
        return (parser, handler) -> parser.parse(page, handler);
    }

    /** Inside a larger array, with misleading bytes around. */
    static Feed slice(byte[] page, int before, int behind) {
        byte[] larger = new byte[before + page.length + behind];
        Arrays.fill(larger, (byte) '1');
        System.arraycopy(page, 0, larger, before, page.length);
        return (parser, handler) -> parser.parse(larger, before, page.length, handler);
    }

    static Feed direct(byte[] page) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(page.length + 3);
        buffer.position(3);
        buffer.put(page).position(3);
        return (parser, handler) -> parser.parse(buffer, handler);
    }

    static Feed heap(byte[] page) {
        return (parser, handler) -> parser.parse(ByteBuffer.wrap(page), handler);
    }

    static Feed okio(byte[] page) {
        return (parser, handler) -> parser.parse(new Buffer().write(page), handler);
    }

    /** From a stream that gives {@code size} bytes at a time. */
    static Feed reads(byte[] page, int size) {
        return (parser, handler) -> parser.parse(new Trickle(page, size, 0), handler);
    }

    /** From a stream that gives the page in two reads. */
    static Feed cutAt(byte[] page, int cut) {
        return (parser, handler) -> parser.parse(new Trickle(page, Integer.MAX_VALUE, cut), handler);
    }

    static String line(Sample sample) {
        StringBuilder line = new StringBuilder(sample.name());
        for (int i = 0; i < sample.labelCount(); i++) {
            line.append(i == 0 ? "{" : ",")
                    .append(sample.labelName(i))
                    .append("=\"")
                    .append(sample.labelValue(i));
            line.append(i == sample.labelCount() - 1 ? "\"}" : "\"");
        }
        line.append(' ').append(sample.value());
        return sample.hasTimestamp()
                ? line.append(" @").append(sample.timestampMs()).toString()
                : line.toString();
    }

    @Override
    public void onSample(Sample sample) {
        events.add(sample.line() + ": " + line(sample) + " " + sample.type().word()
                + (sample.sameNameAsPrevious() ? " same" : "") + exemplar(sample));
    }

    private static String exemplar(Sample sample) {
        if (!sample.hasExemplar()) {
            return "";
        }
        StringBuilder exemplar = new StringBuilder(" #");
        for (int i = 0; i < sample.exemplarLabelCount(); i++) {
            exemplar.append(' ').append(sample.exemplarLabelName(i)).append('=').append(sample.exemplarLabelValue(i));
        }
        exemplar.append(' ').append(sample.exemplarValue());
        return exemplar.append(sample.hasExemplarTimestamp() ? " @" + sample.exemplarTimestampMs() : "")
                .toString();
    }

    @Override
    public boolean wantsMetadata() {
        return metadata;
    }

    @Override
    public void onType(String family, MetricType type) {
        events.add("TYPE " + family + " " + type);
    }

    @Override
    public void onHelp(String family, String help) {
        events.add("HELP " + family + " " + help);
    }

    @Override
    public void onUnit(String family, String unit) {
        events.add("UNIT " + family + " " + unit);
    }

    private void end(ParseSummary summary) {
        events.add(summary + " " + summary.firstSkipped() + (summary.sawEof() ? " EOF" : ""));
    }

    /** Gives a page in small pieces. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream page;
        private final int size;
        private int firstRead;

        Trickle(byte[] page, int size, int firstRead) {
            this.page = new ByteArrayInputStream(page);
            this.size = size;
            this.firstRead = firstRead;
        }

        @Override
        public int read() {
            return page.read();
        }

        @Override
        public int read(byte[] into, int at, int room) {
            int wanted = firstRead > 0 ? firstRead : size;
            firstRead = 0;
            return page.read(into, at, Math.min(room, wanted));
        }
    }
}
