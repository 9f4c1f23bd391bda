package io.inferometer.collect;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/** What slf4j-simple writes while this is open. Not for tests that run beside others. */
public final class LogCapture implements AutoCloseable {
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final Logger logger;
    private final int levelBefore;

    private LogCapture(Class<?> of, int level) {
        logger = LoggerFactory.getLogger(of);
        levelBefore = setLevel(level);
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    /** Debug and above. */
    public static LogCapture debug(Class<?> of) {
        return new LogCapture(of, LocationAwareLogger.DEBUG_INT);
    }

    /** Warnings and above. */
    public static LogCapture warnings(Class<?> of) {
        return new LogCapture(of, LocationAwareLogger.WARN_INT);
    }

    /** The lines so far. */
    public List<String> lines() {
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() {
        System.setErr(before);
        setLevel(levelBefore);
    }

    private int setLevel(int level) {
        try {
            Field field = logger.getClass().getDeclaredField("currentLogLevel");
            field.setAccessible(true);
            int old = field.getInt(logger);
            field.setInt(logger, level);
            return old;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("slf4j-simple has changed", e);
        }
    }
}
