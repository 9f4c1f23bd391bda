package io.inferometer.exporter;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 5s}, {@code 500ms}, {@code 1m30s}, {@code PT5S}. Longer than zero. */
final class Durations implements ITypeConverter<Duration> {
    private static final Duration MAX = Duration.ofDays(1);
    private static final Pattern SHORT =
            Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m(?!s))?(?:(\\d{1,9})(?:\\.(\\d{1,9}))?s)?(?:(\\d{1,9})ms)?");

    @Override
    public Duration convert(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        Duration duration = trimmed.startsWith("p") ? iso(trimmed) : shorthand(trimmed);
        if (duration == null) {
            throw new TypeConversionException(
                    "'%s' is no duration. Write it like 5s, 500ms, 1m30s or PT5S.".formatted(text));
        }
        if (duration.isNegative() || duration.isZero() || duration.compareTo(MAX) > 0) {
            throw new TypeConversionException(
                    "'%s' is out of range. It must be longer than zero and at most a day.".formatted(text));
        }
        return duration;
    }

    /** {@code duration} as it would be typed. */
    static String text(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    private static @Nullable Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable Duration shorthand(String text) {
        Matcher parts = SHORT.matcher(text);
        if (text.isEmpty() || !parts.matches()) {
            return null;
        }
        return Duration.ofHours(whole(parts.group(1)))
                .plusMinutes(whole(parts.group(2)))
                .plusSeconds(whole(parts.group(3)))
                .plusNanos(nanos(parts.group(4)))
                .plusMillis(whole(parts.group(5)));
    }

    private static long whole(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static long nanos(@Nullable String fraction) {
        return fraction == null ? 0 : Long.parseLong((fraction + "000000000").substring(0, 9));
    }
}
