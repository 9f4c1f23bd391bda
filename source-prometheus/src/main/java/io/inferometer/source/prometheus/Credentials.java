package io.inferometer.source.prometheus;

import io.inferometer.source.prometheus.PrometheusException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The header {@code Authorization}, from a token, a file that may change, or a user and password. Safe to share. */
final class Credentials {
    private static final int TOKEN_BYTES_MAX = 64 << 10;

    private final PrometheusOptions.Fields options;
    private String token = "";
    private String seen = "";

    Credentials(PrometheusOptions.Fields options) {
        this.options = options;
    }

    /** The header's value, null when there are no credentials. */
    @Nullable
    String header() {
        Path file = options.tokenFile;
        if (file != null) {
            return "Bearer " + read(file);
        }
        if (options.bearerToken != null) {
            return "Bearer " + options.bearerToken;
        }
        if (options.user != null) {
            return okhttp3.Credentials.basic(
                    options.user, options.password == null ? "" : options.password, StandardCharsets.UTF_8);
        }
        String inUrl = options.url.getUserInfo();
        if (inUrl == null) {
            return null;
        }
        int colon = inUrl.indexOf(':');
        return okhttp3.Credentials.basic(
                colon < 0 ? inUrl : inUrl.substring(0, colon),
                colon < 0 ? "" : inUrl.substring(colon + 1),
                StandardCharsets.UTF_8);
    }

    private synchronized String read(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            String state = now.lastModifiedTime() + "/" + now.size() + "/" + now.fileKey();
            if (!state.equals(seen)) {
                if (now.size() > TOKEN_BYTES_MAX) {
                    throw new IOException("it is longer than " + TOKEN_BYTES_MAX + " bytes");
                }
                token = Files.readString(file).strip();
                seen = state;
            }
            return token;
        } catch (IOException e) {
            throw new PrometheusException(
                    Kind.UNAUTHORIZED, "The file %s, which holds the token, cannot be read: %s".formatted(file, e), e);
        }
    }
}
