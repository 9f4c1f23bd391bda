package io.inferometer.exporter;

import io.inferometer.collect.CollectException;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.collect.EngineTimedOutException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: finds the command that was typed, runs it, and turns what went wrong into one line and an exit code. */
@Command(
        name = "inferometer",
        description = "Reads what LLM inference engines report about themselves.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        sortOptions = false,
        footer = {
            "",
            "Data goes to standard output, everything else to standard error.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage."
        })
public final class Main implements Callable<Integer> {
    private static final int DONE = 0;

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Log each fetch to standard error.")
    void verbose(boolean wanted) {
        if (wanted) {
            Logs.speakUp();
        }
    }

    private Main() {}

    /**
     * Runs the program and ends the process.
     *
     * @param arguments what was typed
     */
    public static void main(String... arguments) {
        System.exit(run(Console.system(), arguments));
    }

    /** Runs one command and returns its exit code. */
    static int run(Console console, String... arguments) {
        try {
            StringWriter help = new StringWriter();
            int exitCode = commandLine(console, new PrintWriter(help)).execute(arguments);
            console.out().print(help.toString());
            console.out().flush();
            return exitCode;
        } catch (Output.Closed | Output.Failed e) {
            return outputFailed(console, e);
        } catch (OutOfMemoryError e) {
            console.complain("Out of memory. Give it more: INFEROMETER_JAVA_OPTS=-Xmx2g.");
            return Failure.FAILED;
        } catch (LinkageError | StackOverflowError e) {
            return unexpected(console, e);
        }
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Name a command");
    }

    private static CommandLine commandLine(Console console, PrintWriter help) {
        CommandLine line = new CommandLine(new Main());
        for (Object command : List.of(
                new DemoCommand(console),
                new CollectCommand(console),
                new ParseCommand(console),
                new WatchCommand(console),
                new SaturationCommand(console),
                new QueriesCommand(console),
                new RulesCommand(console),
                new EnginesCommand(console))) {
            line.addSubcommand(command);
        }
        return line.setOut(help)
                .setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8))
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler((e, typed) -> wrongUsage(console, e))
                .setExecutionExceptionHandler((e, failed, parsed) -> failed(console, e));
    }

    private static int wrongUsage(Console console, ParameterException e) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        String message = Printable.line(whatIsWrong(e));
        console.complain("%s%s See '%s --help'."
                .formatted(message, message.endsWith(".") || message.endsWith("?") ? "" : ".", name));
        return Failure.USAGE;
    }

    private static String whatIsWrong(ParameterException e) {
        boolean root = e.getCommandLine().getParent() == null;
        if (root && e instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            List<String> similar = unmatched.getSuggestions();
            String hint = similar.isEmpty() ? "" : ". Did you mean " + String.join(" or ", similar) + "?";
            return (first.startsWith("-") ? "Unknown option '" : "There is no command '") + first + "'" + hint;
        }
        return String.valueOf(e.getMessage());
    }

    private static int failed(Console console, Exception e) {
        try {
            console.out().flush();
        } catch (Output.Closed | Output.Failed again) {
            return outputFailed(console, again);
        }
        if (e instanceof Output.Closed || e instanceof Output.Failed) {
            return outputFailed(console, e);
        }
        if (e instanceof Failure failure) {
            console.complain(String.valueOf(failure.getMessage()));
            return failure.exitCode();
        }
        if (e instanceof CollectException collecting) {
            console.complain(e.getMessage() + optionFor(collecting));
            return Failure.FAILED;
        }
        return unexpected(console, e);
    }

    /** The library's message names its own method; here it is an option. */
    private static String optionFor(CollectException e) {
        if (e instanceof EngineTimedOutException) {
            return " Here: --timeout.";
        }
        if (e instanceof EngineRefusedException refused && (refused.status() == 401 || refused.status() == 403)) {
            return " Here: --header 'Authorization: Bearer TOKEN'.";
        }
        return "";
    }

    /** Ours to mend: one line for the user, all of it for those who asked for more. */
    private static int unexpected(Console console, Throwable e) {
        console.complain("Unexpected: " + e);
        if (Logs.isTalkative()) {
            e.printStackTrace(console.err());
        }
        return Failure.FAILED;
    }

    private static int outputFailed(Console console, Exception e) {
        if (e instanceof Output.Closed) {
            return DONE; // Whoever read has what they wanted.
        }
        console.complain("Cannot write the output: " + e.getMessage());
        return Failure.FAILED;
    }

    /** Where the version comes from: the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"inferometer " + (version == null ? "(development)" : version)};
        }
    }
}
