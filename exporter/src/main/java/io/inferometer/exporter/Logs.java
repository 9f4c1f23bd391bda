package io.inferometer.exporter;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes: warnings to standard error, in one short line each. In code, because reading a configuration file
 * takes longer than most commands. Found by logback as a service.
 */
public final class Logs extends ContextAwareBase implements Configurator {
    private static volatile Level level = Level.WARN;

    /** Called by logback. */
    public Logs() {}

    /** Says more from now on: what the library itself does. Cheap before the first logger is made. */
    static void speakUp() {
        level = Level.DEBUG;
    }

    /** Says nothing from now on, because a line would tear the picture on the screen. */
    static void hush() {
        level = Level.OFF;
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.getLogger("io.inferometer").setLevel(Level.OFF);
            context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        }
    }

    static boolean isTalkative() {
        return level == Level.DEBUG;
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern("%-5level %msg%n%nopex");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level == Level.OFF ? level : Level.WARN);
        context.getLogger("io.inferometer").setLevel(level);
        context.getLogger("io.fabric8").setLevel(isTalkative() ? Level.WARN : Level.OFF); // Told in our words.
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
