package io.inferometer.parser;

import org.jspecify.annotations.Nullable;

/** What the comments of a page say about families: remembered for the samples, told to the handler. One thread. */
final class Metadata {
    private final TypeTable types;
    private final Sample sample;
    private final @Nullable FamilyFilter filter;
    private @Nullable SampleHandler listener;
    private boolean eofSeen;

    Metadata(TypeTable types, Sample sample, @Nullable FamilyFilter filter) {
        this.types = types;
        this.sample = sample;
        this.filter = filter;
    }

    void beginPage(SampleHandler handler) {
        listener = handler.wantsMetadata() ? handler : null;
        eofSeen = false;
        types.clear();
    }

    /** Keeps the names, since the array in which they stand will be written to. */
    void bytesWillMove() {
        types.bytesWillMove();
    }

    void endPage() {
        listener = null;
        types.clear();
    }

    /** A {@code # TYPE} line whose name may have stood in quotes and hold escapes. */
    void type(byte[] bytes, int nameFrom, int nameTo, MetricType type) {
        if (Escapes.in(bytes, nameFrom, nameTo)) {
            byte[] name = new byte[nameTo - nameFrom];
            plainType(name, 0, Escapes.resolve(bytes, nameFrom, nameTo, true, name), type);
        } else {
            plainType(bytes, nameFrom, nameTo, type);
        }
    }

    /** A {@code # TYPE} line whose name is what it looks like. */
    void plainType(byte[] bytes, int nameFrom, int nameTo, MetricType type) {
        if (!wants(bytes, nameFrom, nameTo)) {
            return;
        }
        types.add(bytes, nameFrom, nameTo, type);
        sample.typesChanged();
        if (listener != null) {
            listener.onType(Bytes.utf8(bytes, nameFrom, nameTo), type);
        }
    }

    /**
     * A {@code # TYPE} line nobody listens to, the name of which was not looked at; it stands on the page and begins like one.
     *
     * @return whether it was taken
     */
    boolean uncheckedType(byte[] bytes, int nameFrom, int nameTo, MetricType type) {
        sample.typesChanged();
        return types.addUnchecked(bytes, nameFrom, nameTo, type);
    }

    void help(byte[] bytes, int nameFrom, int nameTo, int from, int to, boolean quotes) {
        if (listener != null && wants(bytes, nameFrom, nameTo)) {
            listener.onHelp(Escapes.text(bytes, nameFrom, nameTo, true), Escapes.text(bytes, from, to, quotes));
        }
    }

    void unit(byte[] bytes, int nameFrom, int nameTo, int from, int to) {
        if (listener != null && wants(bytes, nameFrom, nameTo)) {
            listener.onUnit(Escapes.text(bytes, nameFrom, nameTo, true), Bytes.utf8(bytes, from, to));
        }
    }

    void eof() {
        eofSeen = true;
    }

    boolean eofSeen() {
        return eofSeen;
    }

    private boolean wants(byte[] bytes, int nameFrom, int nameTo) {
        return filter == null || filter.wants(bytes, nameFrom, nameTo);
    }
}
