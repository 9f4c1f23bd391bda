package io.inferometer.exporter;

import io.inferometer.parser.PageFormat;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.PageSyntaxException;
import io.inferometer.parser.ParseMode;
import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.ParserOptions;
import io.inferometer.parser.TooManySamplesException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Reads a page, from a file or piped in, and prints its samples. */
@Command(
        name = "parse",
        description = {
            "Reads a page of metrics and prints each sample as one line of JSON.",
            "In lenient mode a bad line is skipped and named on standard error; the other modes take a page whole or"
                    + " refuse it: prometheus as a Prometheus server does, strict by all rules of OpenMetrics 1.0."
        },
        sortOptions = false)
final class ParseCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final Console console;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The page; '-' or nothing reads standard input.")
    private String file = STDIN;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            converter = ModeWord.class,
            description = "lenient (the default), prometheus or strict.")
    private ParseMode mode = ParseMode.LENIENT;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = FormatWord.class,
            description = "text or openmetrics; by default openmetrics if the last line is '# EOF'. Naming it lets a"
                    + " page that is piped in be printed while it arrives.")
    private @Nullable PageFormat format;

    @Option(names = "--json", description = "One JSON object a line, which is what it prints anyway.")
    @SuppressWarnings("UnusedVariable")
    private boolean json;

    ParseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        refuseStrictText();
        try (PageInput page = PageInput.of(file.equals(STDIN) ? null : file, console.in())) {
            return read(page);
        } catch (IOException e) {
            throw Failure.failed(reason(e), e);
        }
    }

    private void refuseStrictText() {
        if (mode == ParseMode.STRICT && format == PageFormat.TEXT) {
            throw Failure.usage(
                    "Strict mode is for OpenMetrics only. Leave out --format text, or use --mode prometheus.");
        }
    }

    private int read(PageInput page) throws IOException {
        PageFormat language = format != null ? format : formatOf(page);
        PageParser parser =
                new PageParser(ParserOptions.defaults().withMode(mode).withFormat(language));
        try {
            if (mode != ParseMode.LENIENT) {
                check(parser, page);
            }
            return print(parser, page);
        } catch (PageSyntaxException e) {
            throw Failure.failed(e.getMessage() + hint(page), e);
        } catch (TooManySamplesException e) {
            throw Failure.failed("line %d: more than %d samples.".formatted(e.line(), e.samplesMax()), e);
        }
    }

    private static PageFormat formatOf(PageInput page) throws IOException {
        return page.endsWithEof() ? PageFormat.OPENMETRICS : PageFormat.TEXT;
    }

    /** Whoever checks a page of the other format strictly gets a complaint about some detail, and needs the reason. */
    private String hint(PageInput page) throws IOException {
        return mode == ParseMode.STRICT && format == null && formatOf(page) == PageFormat.TEXT
                ? "; the page does not end with '# EOF': if it is of the text format, use --mode prometheus"
                : "";
    }

    /** Reads the page to its end, so that nothing is printed of one that is refused there. */
    private static void check(PageParser parser, PageInput page) throws IOException {
        try (InputStream in = page.openToReadAgain()) {
            parser.parse(in, sample -> {});
        }
    }

    private int print(PageParser parser, PageInput page) throws IOException {
        ParseSummary summary;
        SamplePrinter printer = new SamplePrinter(console);
        try (InputStream in = page.open()) {
            summary = parser.parse(in, printer);
        }
        printer.finish();
        IOException cause = summary.cause();
        if (cause != null) {
            throw cause;
        }
        return 0;
    }

    private String reason(IOException e) {
        String name = file.equals(STDIN) ? "standard input" : "'" + file + "'";
        if (e instanceof NoSuchFileException) {
            return "Cannot read " + name + ": there is no such file.";
        }
        if (e instanceof AccessDeniedException) {
            return "Cannot read " + name + ": access is denied.";
        }
        return "Cannot read " + name + ": " + e.getMessage() + ".";
    }

    /** The modes by name. */
    static final class ModeWord implements ITypeConverter<ParseMode> {
        @Override
        public ParseMode convert(String word) {
            return switch (word) {
                case "lenient" -> ParseMode.LENIENT;
                case "prometheus" -> ParseMode.PROMETHEUS;
                case "strict" -> ParseMode.STRICT;
                default ->
                    throw new TypeConversionException(
                            "'%s' is no mode. Use lenient, prometheus or strict.".formatted(word));
            };
        }
    }

    /** The formats by name. */
    static final class FormatWord implements ITypeConverter<PageFormat> {
        @Override
        public PageFormat convert(String word) {
            return switch (word) {
                case "text" -> PageFormat.TEXT;
                case "openmetrics" -> PageFormat.OPENMETRICS;
                default ->
                    throw new TypeConversionException("'%s' is no format. Use text or openmetrics.".formatted(word));
            };
        }
    }
}
