package io.inferometer.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder of captures and pages that the repository does not hold; a test that asks for it where it is missing is
 * skipped with a message.
 *
 * <p>Named by the environment variable {@code INFEROMETER_SHARED}, else by the system property
 * {@code inferometer.shared}. Stateless and safe to share.
 */
public final class SharedFolder {
    private static final String VARIABLE = "INFEROMETER_SHARED";
    private static final String PROPERTY = "inferometer.shared";

    private SharedFolder() {}

    /** The folder of an engine's pages; skips the test when it is missing. */
    public static Path pages(String engine) {
        return folder("pages", engine);
    }

    /** The folder of an engine's captures with their client's ledgers; skips the test when it is missing. */
    public static Path live(String engine) {
        return folder("live", engine);
    }

    /** Any folder or file in it; skips the test when it is missing. */
    public static Path folder(String first, String... more) {
        String root = root();
        assumeTrue(
                root != null,
                () -> "Skipped: neither %s nor %s names the shared folder.".formatted(VARIABLE, PROPERTY));
        Path path = Path.of(String.valueOf(root)).resolve(Path.of(first, more));
        assumeTrue(Files.exists(path), () -> "Skipped: there is no " + path + ".");
        return path;
    }

    private static @Nullable String root() {
        String variable = System.getenv(VARIABLE);
        return variable != null ? variable : System.getProperty(PROPERTY);
    }
}
