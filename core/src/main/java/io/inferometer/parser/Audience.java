package io.inferometer.parser;

import org.jspecify.annotations.Nullable;

/** Who hears of a page that is read again: of all samples, or only of those that changed. One thread. */
final class Audience {
    private final Sample sample;
    private SampleHandler handler = PageReader.NOBODY;
    private @Nullable ChangeHandler changes;

    Audience(Sample sample) {
        this.sample = sample;
    }

    /** A page begins, or ends, if nobody is to hear of it any more. */
    void come(SampleHandler listener, @Nullable ChangeHandler onlyChanges) {
        handler = listener;
        changes = onlyChanges;
    }

    /** Whether lines are shown that say the same as before. */
    boolean wantsAll() {
        return changes == null;
    }

    /** Shows lines of {@code table} that stand in {@code page}, and forgets them. */
    void show(FoundLines found, byte[] page, LineTable table) {
        if (found.count == 0) {
            return;
        }
        sample.beginRemembered(page, table, found);
        if (changes == null) {
            showAll(found, table.value, handler);
        } else {
            showChanged(found, table, changes);
        }
        sample.endRemembered();
        found.count = 0;
    }

    private void showAll(FoundLines found, double[] values, SampleHandler listener) {
        int[] places = found.place;
        int count = found.count;
        for (int i = 0; i < count; i++) {
            sample.remembered(i, values[places[i]]);
            listener.onSample(sample);
        }
    }

    private void showChanged(FoundLines found, LineTable table, ChangeHandler listener) {
        double[] values = table.value;
        int[] slots = table.slot;
        int count = found.count;
        for (int i = 0; i < count; i++) {
            int place = found.place[i];
            sample.remembered(i, values[place]);
            listener.onChanged(slots[place], sample);
        }
    }
}
