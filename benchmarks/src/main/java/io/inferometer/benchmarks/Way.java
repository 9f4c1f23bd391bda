package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import io.inferometer.benchmarks.pages.Scrape;
import java.util.List;
import java.util.Locale;

/** A way to read a page, or a yardstick: ours and the peers'. */
public enum Way {
    /** Every sample is shown: its value and how many labels it has are looked at. */
    FULL("full parse"),
    /** The same, and the name and the value of every label are looked at. */
    LABELS("full parse, every label looked at"),
    /** Only the gauges of load and the like are wanted. */
    FILTERED("full parse, load gauges alone"),
    /** Every sample is shown by a parser that remembers the page before. */
    REPEAT("repeat parse, all samples shown"),
    /** Only what changed is told. */
    CHANGES("repeat parse, changes told"),
    /** The page is the same each time, and every sample is shown. */
    SAME_PAGE("unchanged page, all samples shown"),
    /** The page is the same each time, and what changed is told. */
    SAME_PAGE_CHANGES("unchanged page, changes told"),
    /** From bytes to an engine's snapshot, with nothing remembered. */
    SNAPSHOT("bytes to snapshot, full"),
    /** From bytes to an engine's snapshot, as a watched target does it. */
    SNAPSHOT_REPEAT("bytes to snapshot, repeat"),
    /** The same, and what a monitor looks at on each page is asked for. */
    SNAPSHOT_PULSE("… and its pulse"),
    /** The same, and all common words are asked for. */
    SNAPSHOT_WORDS("… and its common words"),
    /** Counts newlines, eight bytes at a time. */
    NEWLINES("yardstick: newlines counted"),
    /** {@code Arrays.mismatch} of two equal pages. */
    MISMATCH("yardstick: Arrays.mismatch"),
    /** A peer in Java. */
    HAWKULAR("hawkular 0.23.0"),
    /** A peer in Java. */
    SKYWALKING("SkyWalking 10.1.0"),
    /** Prometheus' own text parser, which gives each series as bytes. */
    TEXTPARSE_SERIES("textparse, series"),
    /** The same, which gives the labels too. */
    TEXTPARSE_LABELS("textparse, with labels"),
    /** What Go programs read pages with. */
    EXPFMT("expfmt");

    private final String title;

    Way(String title) {
        this.title = title;
    }

    /** What to call it in a table. */
    public String title() {
        return title;
    }

    /** What to call it in a command. */
    public String argument() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether it is written in Go, and so run by another program. */
    public boolean isGo() {
        return this == TEXTPARSE_SERIES || this == TEXTPARSE_LABELS || this == EXPFMT;
    }

    /** Whether there is such a thing for such a page. */
    public boolean suits(PageKind kind) {
        return switch (this) {
            case FILTERED, SNAPSHOT, SNAPSHOT_REPEAT, SNAPSHOT_PULSE, SNAPSHOT_WORDS ->
                !kind.engine().isEmpty();
            default -> true;
        };
    }

    /** Begins with nothing remembered. */
    public Work work(PageKind kind, List<Scrape> scrapes) {
        Turns turns = new Turns(scrapes.stream().map(Scrape::bytes).toList());
        return switch (this) {
            case FULL -> Parsing.full(turns);
            case LABELS -> Parsing.labels(turns);
            case FILTERED -> Parsing.filtered(turns, Engines.backend(kind));
            case REPEAT -> Parsing.repeat(turns);
            case CHANGES -> Parsing.changes(turns);
            case SAME_PAGE -> Parsing.repeat(turns.copiesOfFirst());
            case SAME_PAGE_CHANGES -> Parsing.changes(turns.copiesOfFirst());
            case SNAPSHOT -> new Snapshots(Engines.backend(kind), turns)::full;
            case SNAPSHOT_REPEAT -> new Snapshots(Engines.backend(kind), turns)::repeat;
            case SNAPSHOT_PULSE -> new Snapshots(Engines.backend(kind), turns)::pulse;
            case SNAPSHOT_WORDS -> new Snapshots(Engines.backend(kind), turns)::words;
            case NEWLINES -> () -> Newlines.in(turns.next());
            case MISMATCH -> Parsing.mismatch(turns.copiesOfFirst());
            case HAWKULAR -> Peers.hawkular(turns);
            case SKYWALKING -> Peers.skyWalking(turns);
            case TEXTPARSE_SERIES, TEXTPARSE_LABELS, EXPFMT ->
                throw new IllegalArgumentException(title + " is written in Go; see benchmarks/peers/timing.");
        };
    }
}
