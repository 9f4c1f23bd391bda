package io.inferometer.saturation;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads durations as people write them: {@code 30s}, {@code 500ms}, {@code 1m30s}, {@code PT30S}. */
final class DurationText {
    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m(?!s))?(?:(\\d{1,6})(?:\\.(\\d{1,9}))?s)?(?:(\\d{1,9})ms)?");

    private DurationText() {}

    /** The duration, zero or more; null when the text is none. */
    static @Nullable Duration read(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        if (trimmed.startsWith("p")) {
            return iso(trimmed);
        }
        Matcher parts = SHORT.matcher(trimmed);
        if (trimmed.isEmpty() || !parts.matches()) {
            return null;
        }
        return Duration.ofHours(whole(parts.group(1)))
                .plusMinutes(whole(parts.group(2)))
                .plusSeconds(whole(parts.group(3)))
                .plusNanos(nanos(parts.group(4)))
                .plusMillis(whole(parts.group(5)));
    }

    private static @Nullable Duration iso(String text) {
        try {
            Duration duration = Duration.parse(text);
            return duration.isNegative() ? null : duration;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static long whole(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static long nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
    }
}
