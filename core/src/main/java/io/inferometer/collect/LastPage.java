package io.inferometer.collect;

import io.inferometer.spi.Page;
import io.inferometer.spi.RepeatPageReader;
import org.jspecify.annotations.Nullable;

/**
 * What one target's last page of a kind was, and which series stood on it. For one thread.
 *
 * <p>As long as no line comes or goes the same series stand on the next page, so that nobody has to look at them again.
 */
final class LastPage {
    private final RepeatPageReader reader;
    private @Nullable Object wanted;
    private @Nullable SeriesSet series;
    private int layout;

    LastPage(RepeatPageReader reader) {
        this.reader = reader;
    }

    /** Reads the next page, and tells {@code recorder} which series stand on it. */
    Page read(PageBytes page, SeriesSet.Recorder recorder) {
        if (recorder.isOff()) {
            return reader.read(page.array(), page.start(), page.length(), null);
        }
        SeriesSet known = recorder.key().equals(wanted) && layout == reader.layouts() ? series : null;
        if (known != null) {
            Page next = reader.read(page.array(), page.start(), page.length(), null);
            if (layout == reader.layouts()) {
                recorder.take(known);
                return next;
            }
        }
        recorder.begin();
        Page next = reader.read(page.array(), page.start(), page.length(), recorder);
        wanted = recorder.key();
        series = recorder.series();
        layout = reader.layouts();
        return next;
    }

    long retainedBytes() {
        SeriesSet known = series;
        return reader.retainedBytes() + (known == null ? 0 : known.bytes());
    }
}
