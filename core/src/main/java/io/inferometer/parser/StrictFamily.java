package io.inferometer.parser;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rules of OpenMetrics about families, for the family at hand: it stands in one block, first its metadata, each kind
 * once, then its samples; and no two families have a sample name in common, not even one that neither of them shows.
 *
 * <p>One thread.
 */
final class StrictFamily {
    private static final int KEPT_NAME_MAX = 4096;
    private static final byte[] NO_NAME = {};

    private final StrictReader reader;
    private final StrictNames names = new StrictNames();
    private final StrictMetric metric;

    private byte[] name = NO_NAME;
    private int nameLength;
    private boolean open;
    private boolean helpSaid;
    private boolean typeSaid;
    private boolean unitSaid;
    private boolean hasUnit;
    private MetricType type = MetricType.UNKNOWN;
    private boolean hasSamples;

    StrictFamily(StrictReader reader) {
        this.reader = reader;
        metric = new StrictMetric(reader, this);
    }

    void beginPage() {
        open = false;
        names.clear();
        metric.beginFamily();
    }

    /** Lets go of what a large page made large. */
    void release() {
        name = name.length > KEPT_NAME_MAX ? NO_NAME : name;
        names.shrink();
        metric.shrink();
    }

    MetricType type() {
        return type;
    }

    /** The family in words, such as {@code histogram "a"}. */
    String words() {
        return type.word() + " \"" + Bytes.utf8(name, 0, nameLength) + '"';
    }

    boolean takeHelp() {
        if (!beginMetadata()) {
            return false;
        }
        if (helpSaid) {
            return complain("one HELP line for each family");
        }
        helpSaid = true;
        return true;
    }

    boolean takeType(MetricType said, int from) {
        if (!beginMetadata()) {
            return false;
        }
        if (typeSaid) {
            return complain("one TYPE line for each family");
        }
        typeSaid = true;
        type = said;
        if (hasUnit && !mayHaveUnit()) {
            return reader.fault(from, reader.end, "a type that may have a unit");
        }
        for (StrictPart part : StrictPart.of(said)) {
            if (part != StrictPart.VALUE && !reserve(part)) {
                return false;
            }
        }
        return true;
    }

    boolean takeUnit(int from, int to) {
        if (!beginMetadata()) {
            return false;
        }
        if (unitSaid) {
            return complain("one UNIT line for each family");
        }
        unitSaid = true;
        hasUnit = from < to;
        if (hasUnit && !nameEndsWithUnit(from, to)) {
            return reader.fault(from, to, "a unit that the metric name ends with");
        }
        return !hasUnit || mayHaveUnit() || reader.fault(from, to, "no unit for a family of type " + type.word());
    }

    boolean takeSample(Sample sample) {
        StrictPart part = open ? partOf(reader.nameStart, reader.nameEnd) : null;
        if (part == null) {
            part = StrictPart.VALUE;
            if (open && isNamed(reader.nameStart, reader.nameEnd)) {
                return complain("a name that samples of the " + words() + " have: the family's with "
                        + String.join(" or ", StrictPart.suffixesOf(type)) + " behind it");
            }
            if (!(close() && open())) {
                return false;
            }
        }
        hasSamples = true;
        return metric.take(part, sample);
    }

    /** Nothing more comes of the family at hand. */
    boolean close() {
        boolean whole = !open || !hasSamples || metric.isWhole();
        open = false;
        return whole;
    }

    private boolean beginMetadata() {
        if (!open || !isNamed(reader.nameStart, reader.nameEnd)) {
            return close() && open();
        }
        return !hasSamples || complain("the metadata of a family before its samples");
    }

    private boolean open() {
        nameLength = reader.nameEnd - reader.nameStart;
        if (name.length < nameLength) {
            name = new byte[2 * nameLength];
        }
        System.arraycopy(reader.bytes, reader.nameStart, name, 0, nameLength);
        open = true;
        helpSaid = false;
        typeSaid = false;
        unitSaid = false;
        hasUnit = false;
        type = MetricType.UNKNOWN;
        hasSamples = false;
        metric.beginFamily();
        return reserve(StrictPart.VALUE);
    }

    /** Nobody else may use this name of a sample, or of a family. */
    private boolean reserve(StrictPart part) {
        long line = names.add(name, nameLength, part.suffix, reader.line);
        if (line == StrictNames.ADDED) {
            return true;
        }
        if (line == StrictNames.FULL) {
            return complain("at most " + StrictNames.NAMES_MAX + " names of families and samples, "
                    + StrictNames.NAME_BYTES_MAX + " bytes in all");
        }
        return complain("a family in one block, and no name in two families; line " + line + " has taken \""
                + Bytes.utf8(name, 0, nameLength) + part.suffix + '"');
    }

    private boolean complain(String whatWasExpected) {
        return reader.fault(reader.nameStart, reader.nameEnd, whatWasExpected);
    }

    private boolean mayHaveUnit() {
        return type != MetricType.INFO && type != MetricType.STATESET;
    }

    private boolean isNamed(int from, int to) {
        return Arrays.equals(name, 0, nameLength, reader.bytes, from, to);
    }

    private boolean nameEndsWithUnit(int from, int to) {
        int divider = nameLength - (to - from) - 1;
        return divider >= 0
                && name[divider] == '_'
                && Arrays.equals(name, divider + 1, nameLength, reader.bytes, from, to);
    }

    /** Which part of this family has the name {@code [from, to)}, null if none has. */
    private @Nullable StrictPart partOf(int from, int to) {
        int behind = from + nameLength;
        if (behind <= to && isNamed(from, behind)) {
            for (StrictPart part : StrictPart.of(type)) {
                if (Bytes.equal(reader.bytes, behind, to, part.suffix)) {
                    return part;
                }
            }
        }
        return null;
    }
}
