package io.inferometer.spi;

import io.inferometer.parser.MetricType;
import io.inferometer.parser.PageParser;
import io.inferometer.parser.ParseSummary;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import io.inferometer.snapshot.Labels;
import io.inferometer.snapshot.MetricSample;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads a page's samples into the families that some tables know.
 *
 * <p>For one thread and one page. A {@code _bucket}, {@code _sum} or {@code _count} belongs to a family only where a
 * table knows that family as a distribution: {@code tgi_request_count} is a counter of its own.
 */
public final class PageReader implements SampleHandler {
    private static final String CREATED = "_created";

    /** The sample that tells when the process that serves a page started, in seconds since 1970. */
    public static final String START_TIME = "process_start_time_seconds";

    private enum Role {
        IGNORED,
        NUMBER,
        POINT, // A quantile or a bare value of a distribution.
        BUCKET,
        SUM,
        COUNT,
        START_TIME
    }

    private record Slot(Role role, @Nullable FamilyDraft family, boolean created) {}

    private final List<MetricTable> tables;
    private final boolean keepSamples;
    private final Map<String, Slot> slots = new HashMap<>(256);
    private final Map<String, FamilyDraft> families = new LinkedHashMap<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final List<MetricSample> samples = new ArrayList<>();
    private @Nullable Slot lastSlot;

    /** Where the sample read last went, for {@link RepeatPageReader}. */
    private @Nullable SeriesDraft placedIn;

    private int cell;
    private boolean saidTwice;
    private @Nullable Instant startedAt;

    /**
     * A reader for one page.
     *
     * @param tables the tables whose families are wanted
     * @param keepSamples whether to keep every sample as it stands as well
     */
    public PageReader(List<MetricTable> tables, boolean keepSamples) {
        this.tables = List.copyOf(tables);
        this.keepSamples = keepSamples;
    }

    /**
     * Reads a page to its end.
     *
     * @param parser the parser to use; not used by another thread meanwhile
     * @param source the page's text
     * @return the page
     * @throws IOException when the source fails for another reason than that the body was cut
     */
    public Page read(PageParser parser, BufferedSource source) throws IOException {
        return finish(parser.parse(source, this));
    }

    /**
     * Reads a page to its end, and lets another hear each sample too.
     *
     * @param parser the parser to use
     * @param source the page's text
     * @param also hears each sample after this reader
     * @return the page
     * @throws IOException when the source fails for another reason than that the body was cut
     */
    public Page read(PageParser parser, BufferedSource source, SampleHandler also) throws IOException {
        return finish(parser.parse(source, both(also)));
    }

    private SampleHandler both(SampleHandler also) {
        return sample -> {
            onSample(sample);
            also.onSample(sample);
        };
    }

    @Override
    public void onSample(Sample sample) {
        Slot slot = lastSlot;
        if (slot == null || !sample.sameNameAsPrevious()) {
            slot = slots.computeIfAbsent(sample.name(), this::resolve);
            lastSlot = slot;
        }
        if (keepSamples && !slot.created()) {
            samples.add(kept(sample, slot));
        }
        FamilyDraft family = slot.family();
        if (family != null) {
            note(sample, slot.role(), family);
        } else if (slot.role() == Role.START_TIME) {
            saidTwice |= startedAt != null;
            startedAt = instantOf(sample.value());
        }
    }

    /** Where the sample read last went; null when its value is of no interest. */
    @Nullable
    Place lastPlace() {
        Slot slot = lastSlot;
        if (slot == null || slot.role() == Role.IGNORED) {
            return null;
        }
        if (slot.family() == null) {
            return new Place(null, 0);
        }
        return placedIn == null ? null : new Place(placedIn, cell);
    }

    /** Where a number was noted: in a series, or without one as the start of the process. */
    record Place(@Nullable SeriesDraft series, int cell) {}

    /** Whether two lines said the same, so that it takes all lines in their order to know what counts. */
    boolean saidTwice() {
        return saidTwice;
    }

    /** What pages with the same lines as this one have in common. */
    PageShape.Learned learn() {
        return PageShape.learn(
                families.values().stream().filter(draft -> !draft.isEmpty()).toList());
    }

    Page finish(ParseSummary summary) {
        if (summary.bodyCut()) {
            dropTheFamilyThatWasCut(summary);
        }
        Map<String, Family> finished = new LinkedHashMap<>();
        families.forEach((name, draft) -> {
            if (!draft.isEmpty()) {
                finished.put(name, draft.finish());
            }
        });
        return new Page(
                finished,
                names,
                List.copyOf(samples),
                startedAt,
                summary.samples(),
                summary.skippedLines(),
                List.copyOf(summary.firstSkipped()),
                summary.bodyCut());
    }

    /** Of a family in which the body broke off, series may be missing: a sum over its ranks would be wrong. */
    private void dropTheFamilyThatWasCut(ParseSummary summary) {
        FamilyDraft last = lastSlot == null ? null : lastSlot.family();
        if (last == null) {
            return;
        }
        String rest = nameAtStartOf(summary.cutTail());
        if (rest.startsWith(last.name()) || last.name().startsWith(rest)) {
            families.values().remove(last);
        }
    }

    private static String nameAtStartOf(@Nullable String line) {
        if (line == null) {
            return "";
        }
        int end = 0;
        while (end < line.length() && " \t{".indexOf(line.charAt(end)) < 0) {
            end++;
        }
        return line.substring(0, end);
    }

    private void note(Sample sample, Role role, FamilyDraft family) {
        placedIn = null;
        switch (role) {
            case NUMBER -> noteBare(sample, family);
            case SUM -> placed(seriesOf(sample, -1, family).sum(sample.value()));
            case COUNT -> placed(seriesOf(sample, -1, family).count(sample.value()));
            case BUCKET -> noteBucket(sample, family);
            case POINT -> notePoint(sample, family);
            case IGNORED, START_TIME -> {}
        }
    }

    private void noteBare(Sample sample, FamilyDraft family) {
        placed(seriesOf(sample, -1, family).value(sample.value()));
    }

    private void noteBucket(Sample sample, FamilyDraft family) {
        int at = sample.labelIndex("le");
        double bound = at < 0 ? Double.NaN : sample.labelDouble(at);
        if (!Double.isNaN(bound)) {
            placed(seriesOf(sample, at, family).bucket(bound, sample.value()));
        }
    }

    private void notePoint(Sample sample, FamilyDraft family) {
        int at = sample.labelIndex("quantile");
        if (at < 0) {
            noteBare(sample, family);
            return;
        }
        double quantile = sample.labelDouble(at);
        if (quantile >= 0 && quantile <= 1) {
            placed(seriesOf(sample, at, family).quantile(quantile, sample.value()));
        }
    }

    private SeriesDraft seriesOf(Sample sample, int skipped, FamilyDraft family) {
        SeriesDraft series = family.seriesOf(sample, skipped);
        placedIn = series;
        return series;
    }

    private void placed(int where) {
        cell = where;
        saidTwice |= where == SeriesDraft.AGAIN;
    }

    private Slot resolve(String name) {
        String plain = FamilyNames.normalize(name);
        names.add(plain);
        FamilyKind exact = kindOf(plain);
        if (exact != null) {
            return slot(exact == FamilyKind.DISTRIBUTION ? Role.POINT : Role.NUMBER, plain, name, exact);
        }
        if (plain.endsWith(CREATED)) {
            return new Slot(Role.IGNORED, null, true);
        }
        Slot part = partOfDistribution(plain, name);
        if (part != null) {
            return part;
        }
        String twin = FamilyNames.counterTwin(plain);
        if (kindOf(twin) == FamilyKind.COUNTER) {
            return slot(Role.NUMBER, twin, name, FamilyKind.COUNTER);
        }
        return new Slot(name.equals(START_TIME) ? Role.START_TIME : Role.IGNORED, null, false);
    }

    private @Nullable Slot partOfDistribution(String plain, String name) {
        Slot bucket = part(plain, name, "_bucket", Role.BUCKET);
        if (bucket != null) {
            return bucket;
        }
        Slot sum = part(plain, name, "_sum", Role.SUM);
        return sum != null ? sum : part(plain, name, "_count", Role.COUNT);
    }

    private @Nullable Slot part(String plain, String name, String suffix, Role role) {
        if (!plain.endsWith(suffix)) {
            return null;
        }
        String base = plain.substring(0, plain.length() - suffix.length());
        String printed = name.substring(0, name.length() - suffix.length());
        return kindOf(base) == FamilyKind.DISTRIBUTION ? slot(role, base, printed, FamilyKind.DISTRIBUTION) : null;
    }

    private Slot slot(Role role, String key, String printed, FamilyKind kind) {
        return new Slot(role, families.computeIfAbsent(key, unused -> new FamilyDraft(printed, kind)), false);
    }

    private @Nullable FamilyKind kindOf(String normalized) {
        for (MetricTable table : tables) {
            FamilyKind kind = table.kindOf(normalized);
            if (kind != null) {
                return kind;
            }
        }
        return null;
    }

    private static MetricSample kept(Sample sample, Slot slot) {
        Labels labels = FamilyDraft.labelsOf(sample, -1);
        Instant time = sample.hasTimestamp() ? Instant.ofEpochMilli(sample.timestampMs()) : null;
        return new MetricSample(sample.name(), typeOf(sample, slot, labels), labels, sample.value(), time);
    }

    /** The catalog beats TYPE, TYPE beats the suffix. */
    private static MetricType typeOf(Sample sample, Slot slot, Labels labels) {
        FamilyDraft family = slot.family();
        if (family != null && family.kind() == FamilyKind.COUNTER) {
            return MetricType.COUNTER;
        }
        if (family != null && family.kind() == FamilyKind.GAUGE) {
            return MetricType.GAUGE;
        }
        if (slot.role() == Role.BUCKET) {
            return MetricType.HISTOGRAM;
        }
        if (slot.role() == Role.POINT && labels.get("quantile") != null) {
            return MetricType.SUMMARY;
        }
        return sample.type() == MetricType.UNKNOWN ? typeBySuffix(sample, family != null) : sample.type();
    }

    private static MetricType typeBySuffix(Sample sample, boolean distribution) {
        String name = sample.name();
        if (distribution) {
            return name.endsWith("_sum") || name.endsWith("_count") ? MetricType.HISTOGRAM : MetricType.UNKNOWN;
        }
        if (name.endsWith("_bucket")) {
            return MetricType.HISTOGRAM;
        }
        return name.endsWith("_total") ? MetricType.COUNTER : MetricType.UNKNOWN;
    }

    static @Nullable Instant instantOf(double seconds) {
        boolean plausible = seconds > 0 && seconds < 1e11;
        return plausible ? Instant.ofEpochMilli(Math.round(seconds * 1000)) : null;
    }
}
