package io.inferometer.testkit;

import io.inferometer.parser.PageFormat;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.RepeatParser;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Page;
import io.inferometer.spi.PageReader;
import io.inferometer.spi.RepeatPageReader;
import io.inferometer.spi.Scrape;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What an engine answered once, recorded: its metrics page, its JSON answers, or both; and beside it, in a file
 * {@code .golden}, the JSON of the snapshot that it must give.
 *
 * <p>Immutable and safe to share, as long as nobody writes to the arrays. A recording is a file {@code busy.prom}, or a
 * folder {@code busy/} with {@code metrics.prom} and one {@code <endpoint>.json} for each JSON answer; its golden is
 * {@code busy.golden} in both cases. With the environment variable {@code UPDATE_GOLDEN=1} the contract writes goldens
 * instead of comparing them.
 */
public final class GoldenPage {
    /** When every recorded page is said to have been read: 2026-01-01T00:00:00Z. */
    public static final Instant COLLECTED_AT = Instant.parse("2026-01-01T00:00:00Z");

    private static final URI ENDPOINT = URI.create("http://engine:8000/metrics");
    private static final String INSTANCE = "engine:8000";
    private static final Duration DURATION = Duration.ofMillis(10);
    private static final String PROM = ".prom";
    private static final String JSON = ".json";
    private static final String EOF_LINE = "# EOF";

    /** A sample with nothing behind its value; its key is the group. */
    private static final Pattern PLAIN_LINE = Pattern.compile("(?m)^([^#\\s{][^\\s{]*(?:\\{.*\\})?) [^ \n]+$");

    /** How the body ends. */
    private enum End {
        WHOLE,
        BROKEN
    }

    private final String name;
    private final byte @Nullable [] bytes;
    private final Map<String, byte[]> answers;
    private final Map<String, String> query;
    private final boolean rawMetrics;
    private final End end;
    private final @Nullable Path goldenPath;

    private GoldenPage(
            String name,
            byte @Nullable [] bytes,
            Map<String, byte[]> answers,
            Map<String, String> query,
            boolean rawMetrics,
            End end,
            @Nullable Path goldenPath) {
        this.name = name;
        this.bytes = bytes;
        this.answers = Map.copyOf(answers);
        this.query = Map.copyOf(query);
        this.rawMetrics = rawMetrics;
        this.end = end;
        this.goldenPath = goldenPath;
    }

    /** A page from memory, without a golden. */
    public static GoldenPage of(String name, byte[] bytes) {
        return new GoldenPage(name, bytes, Map.of(), Map.of(), false, End.WHOLE, null);
    }

    /** A page from memory, without a golden. */
    public static GoldenPage of(String name, String text) {
        return of(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** No page at all, of an engine that speaks JSON; the answers come by {@link #withAnswer}. */
    public static GoldenPage withoutPage(String name) {
        return new GoldenPage(name, null, Map.of(), Map.of(), false, End.WHOLE, null);
    }

    /**
     * A recording.
     *
     * @param recording a page's file, or a folder with {@code metrics.prom} and one {@code .json} for each answer
     * @return the recording
     * @throws UncheckedIOException when it cannot be read
     */
    public static GoldenPage read(Path recording) {
        try {
            return Files.isDirectory(recording) ? readFolder(recording) : readFile(recording);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the recording " + recording, e);
        }
    }

    /**
     * A recording among the test's resources.
     *
     * @param near a class of the same package, or of any when {@code path} begins with a slash
     * @param path as {@link Class#getResource} takes it
     * @return the recording
     * @throws IllegalArgumentException when there is no such resource
     */
    public static GoldenPage resource(Class<?> near, String path) {
        URL url = near.getResource(path);
        if (url == null) {
            throw new IllegalArgumentException(
                    "No resource '%s' near %s. Is it under src/test/resources?".formatted(path, near.getName()));
        }
        try {
            return read(sourceOf(Path.of(url.toURI())));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("No file: " + url, e);
        }
    }

    /**
     * All recordings in a folder, by name: its {@code .prom} files, and its folders that hold a {@code .prom} or
     * {@code .json} file.
     *
     * @param folder where they are
     * @return the recordings, at least one
     * @throws IllegalArgumentException when there is none
     */
    public static Stream<GoldenPage> inFolder(Path folder) {
        List<Path> recordings;
        try (Stream<Path> files = Files.list(folder)) {
            recordings = files.filter(GoldenPage::isRecording).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + folder, e);
        }
        if (recordings.isEmpty()) {
            throw new IllegalArgumentException("No recording in " + folder + ".");
        }
        return recordings.stream().map(GoldenPage::read);
    }

    /** Its name: the file's, without extension. */
    public String name() {
        return name;
    }

    /** The page; empty when there is none. */
    public byte[] bytes() {
        return bytes == null ? new byte[0] : bytes;
    }

    /** Whether there is a page, be it empty. */
    public boolean hasPage() {
        return bytes != null;
    }

    /** The JSON answers by the name of their endpoint. */
    public Map<String, byte[]> answers() {
        return answers;
    }

    /** The page's language: OpenMetrics when it ends with {@code # EOF}. */
    public PageFormat format() {
        String tail = tailOf(bytes(), EOF_LINE.length() + 2).strip();
        return tail.endsWith(EOF_LINE) ? PageFormat.OPENMETRICS : PageFormat.TEXT;
    }

    /** The same page of which only the first {@code length} bytes arrived before the connection broke. */
    public GoldenPage cutAfter(int length) {
        String cutName = name + " cut after " + length;
        return new GoldenPage(cutName, first(length), answers, query, rawMetrics, End.BROKEN, null);
    }

    /** A page that is nothing but the first {@code length} bytes: as if a body without a length had ended there. */
    public GoldenPage endingAfter(int length) {
        String cutName = name + " ending after " + length;
        return new GoldenPage(cutName, first(length), answers, query, rawMetrics, End.WHOLE, null);
    }

    /** The same with more text at the page's end. */
    public GoldenPage followedBy(String text) {
        byte[] more = text.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(bytes(), bytes().length + more.length);
        System.arraycopy(more, 0, all, bytes().length, more.length);
        return new GoldenPage(name, all, answers, query, rawMetrics, end, null);
    }

    /** The same with a JSON answer of one more endpoint, or another answer of it. */
    public GoldenPage withAnswer(String endpointName, byte[] json) {
        Map<String, byte[]> more = new LinkedHashMap<>(answers);
        more.put(endpointName, json);
        return new GoldenPage(name, bytes, more, query, rawMetrics, end, goldenPath);
    }

    /** The same with a JSON answer of one more endpoint, or another answer of it. */
    public GoldenPage withAnswer(String endpointName, String json) {
        return withAnswer(endpointName, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The same, asked for with one more parameter in the query. */
    public GoldenPage withQuery(String parameter, String value) {
        Map<String, String> more = new LinkedHashMap<>(query);
        more.put(parameter, value);
        return new GoldenPage(name, bytes, answers, more, rawMetrics, end, goldenPath);
    }

    /** The same, read with its raw samples. */
    public GoldenPage withRawMetrics() {
        return new GoldenPage(name, bytes, answers, query, true, end, goldenPath);
    }

    /**
     * The page as {@code backend} sees it.
     *
     * @throws UncheckedIOException when it cannot be unwrapped
     */
    public Page pageFor(EngineBackend<?> backend) {
        try {
            BufferedSource text = backend.unwrap(source());
            PageParser parser = new PageParser(ParserOptions.defaults().withFormat(format()));
            return new PageReader(List.of(backend.table()), rawMetrics).read(parser, text);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the page " + name, e);
        }
    }

    /**
     * What {@code backend} reads off it, as if scraped at {@link #COLLECTED_AT} from {@code http://engine:8000/metrics}.
     *
     * @param backend the backend
     * @param <S> the engine's own snapshot type
     * @return the snapshot
     * @throws UncheckedIOException when the backend throws
     */
    public <S extends EngineSnapshot> S readBy(EngineBackend<S> backend) {
        return readBy(backend, hasPage() ? pageFor(backend) : null);
    }

    /**
     * The same, as if it were the second page of a target that is watched: on the first one every number was 0.
     *
     * @param backend the backend
     * @param <S> the engine's own snapshot type
     * @return the snapshot
     * @throws UncheckedIOException when the backend throws
     */
    public <S extends EngineSnapshot> S readAgainBy(EngineBackend<S> backend) {
        return readBy(backend, hasPage() ? secondPageFor(backend) : null);
    }

    private Page secondPageFor(EngineBackend<?> backend) {
        try {
            byte[] text = backend.unwrap(source()).readByteArray();
            ParserOptions options = ParserOptions.defaults().withFormat(format());
            RepeatPageReader reader =
                    new RepeatPageReader(List.of(backend.table()), options, RepeatParser.REMEMBERED_BYTES_MAX);
            byte[] first = PLAIN_LINE
                    .matcher(new String(text, StandardCharsets.ISO_8859_1))
                    .replaceAll("$1 0")
                    .getBytes(StandardCharsets.ISO_8859_1);
            reader.read(first, 0, first.length, null);
            return reader.read(text, 0, text.length, null);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the page " + name, e);
        }
    }

    private <S extends EngineSnapshot> S readBy(EngineBackend<S> backend, @Nullable Page page) {
        Scrape scrape = new Scrape(
                backend.name(), INSTANCE, ENDPOINT, query, COLLECTED_AT, DURATION, page, answers, rawMetrics);
        try {
            return backend.read(scrape);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the answers of " + name, e);
        }
    }

    /** The snapshot as pretty JSON, with a newline at the end. */
    public String jsonBy(EngineBackend<?> backend) {
        return Json.pretty(readBy(backend));
    }

    /** Whether a golden has to stand beside it: it is a recording of the module under test. */
    public boolean needsGolden() {
        return goldenPath != null
                && goldenPath.toAbsolutePath().startsWith(Path.of("").toAbsolutePath());
    }

    /**
     * The golden: the JSON that it must give.
     *
     * @throws IllegalStateException when there is none
     */
    public String golden() {
        if (goldenPath == null || !Files.exists(goldenPath)) {
            throw new IllegalStateException(
                    "The page %s has no golden. Run the test once with UPDATE_GOLDEN=1, and read what it wrote."
                            .formatted(name));
        }
        try {
            return Files.readString(goldenPath);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the golden of " + name, e);
        }
    }

    /** Writes {@code json} as its golden when {@code UPDATE_GOLDEN=1} asks for it; never outside the module under test. */
    void updateGolden(String json) {
        if (goldenPath == null || !needsGolden() || !"1".equals(System.getenv("UPDATE_GOLDEN"))) {
            return;
        }
        try {
            Files.writeString(goldenPath, json);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the golden of " + name, e);
        }
    }

    /** Its name, as test reports show it. */
    @Override
    public String toString() {
        return name;
    }

    private BufferedSource source() {
        Buffer text = new Buffer().write(bytes());
        return end == End.WHOLE ? text : Okio.buffer((Source) new BrokenSource(text));
    }

    private byte[] first(int length) {
        return Arrays.copyOf(bytes(), Math.min(length, bytes().length));
    }

    private static boolean isRecording(Path path) {
        if (!Files.isDirectory(path)) {
            return nameOf(path).endsWith(PROM);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(GoldenPage::nameOf).anyMatch(file -> file.endsWith(PROM) || file.endsWith(JSON));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + path, e);
        }
    }

    private static GoldenPage readFile(Path file) throws IOException {
        String name = stem(nameOf(file));
        Path golden = file.resolveSibling(name + ".golden");
        return new GoldenPage(name, Files.readAllBytes(file), Map.of(), Map.of(), false, End.WHOLE, golden);
    }

    private static GoldenPage readFolder(Path folder) throws IOException {
        Path page = folder.resolve("metrics" + PROM);
        Map<String, byte[]> answers = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> nameOf(each).endsWith(JSON)).sorted().toList()) {
                answers.put(stem(nameOf(file)), Files.readAllBytes(file));
            }
        }
        String name = nameOf(folder);
        byte[] bytes = Files.exists(page) ? Files.readAllBytes(page) : null;
        return new GoldenPage(
                name, bytes, answers, Map.of(), false, End.WHOLE, folder.resolveSibling(name + ".golden"));
    }

    /** The file in the source tree that Maven copied to {@code test-classes}, so that goldens are written there. */
    private static Path sourceOf(Path copied) {
        Path module = Path.of("").toAbsolutePath();
        for (Path folder = copied; folder != null; folder = folder.getParent()) {
            if (nameOf(folder).equals("test-classes")) {
                Path source = module.resolve("src/test/resources")
                        .resolve(folder.relativize(copied).toString());
                return Files.exists(source) ? source : copied;
            }
        }
        return copied;
    }

    private static String nameOf(Path path) {
        Path last = path.getFileName();
        return last == null ? "" : last.toString();
    }

    private static String stem(String file) {
        return file.substring(0, file.lastIndexOf('.'));
    }

    private static String tailOf(byte[] bytes, int length) {
        int from = Math.max(0, bytes.length - length);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    /** Fails where the bytes end, as a connection does that broke before the announced length. */
    private record BrokenSource(Buffer arrived) implements Source {
        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long read = arrived.read(sink, byteCount);
            if (read < 0) {
                throw new EOFException("unexpected end of stream");
            }
            return read;
        }

        @Override
        public Timeout timeout() {
            return Timeout.NONE;
        }

        @Override
        public void close() {
            arrived.clear();
        }
    }
}
