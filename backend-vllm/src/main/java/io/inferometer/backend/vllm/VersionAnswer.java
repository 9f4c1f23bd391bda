package io.inferometer.backend.vllm;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's answer to {@code /version}, such as {@code {"version":"0.32.0"}}.
 *
 * <p>Reads just this object, so that the module needs no JSON library: one member "version" whose value is a string of
 * the characters that versions are made of. Anything else is no version.
 */
final class VersionAnswer {
    private static final int BYTES_MAX = 1024;
    private static final Pattern ANSWER =
            Pattern.compile("\\s*\\{\\s*\"version\"\\s*:\\s*\"([0-9A-Za-z.+_-]{1,100})\"\\s*}\\s*");
    private static final Pattern RELEASE = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(\\D.*)?");

    private VersionAnswer() {}

    /** The version, or null when the answer holds none. */
    static @Nullable String read(byte @Nullable [] answer) {
        if (answer == null || answer.length > BYTES_MAX) {
            return null;
        }
        Matcher matcher = ANSWER.matcher(new String(answer, StandardCharsets.UTF_8));
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** Whether a version is known and at least {@code major.minor}. */
    static boolean isAtLeast(@Nullable String version, int major, int minor) {
        Matcher matcher = RELEASE.matcher(version == null ? "" : version);
        if (!matcher.matches()) {
            return false;
        }
        int foundMajor = Integer.parseInt(matcher.group(1));
        int foundMinor = Integer.parseInt(matcher.group(2));
        return foundMajor > major || (foundMajor == major && foundMinor >= minor);
    }
}
