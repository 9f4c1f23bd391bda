package io.inferometer.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lets Jazzer look for an input that a target does not take, as long as one says:
 *
 * <pre>{@code ./mvnw test -Dquick -pl integration-tests -am -Dtest=FuzzRunTest -Dinferometer.fuzz.seconds=600}</pre>
 *
 * <p>{@code -Dinferometer.fuzz=repeat} runs one target alone. New inputs are kept below {@code target/fuzz} from run to
 * run; one that fails is named, and belongs into the corpus once its fault is mended.
 */
class FuzzRunTest {
    private static final int SECONDS = Integer.getInteger("inferometer.fuzz.seconds", 0);
    private static final String ONLY = System.getProperty("inferometer.fuzz", "");
    private static final int INPUT_BYTES_MAX = 4096;

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void findsNothingThatIsNotTaken(FuzzTarget target) throws Exception {
        assumeTrue(SECONDS > 0, "Fuzzing runs when told how long, with -Dinferometer.fuzz.seconds=600 for instance.");
        assumeTrue(ONLY.isEmpty() || ONLY.equals(target.name().toLowerCase(Locale.ROOT)), "Another target was named.");
        Path corpus = Files.createDirectories(target.found().resolve("corpus"));
        Path faults = Files.createDirectories(target.found().resolve("faults"));

        List<String> said = new ArrayList<>();
        Process jazzer = new ProcessBuilder(command(target, corpus, faults))
                .redirectErrorStream(true)
                .start();
        int exit;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(jazzer.getInputStream(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(said::add);
            exit = jazzer.waitFor();
        } finally {
            jazzer.destroy();
        }

        Files.write(target.found().resolve("log"), said);
        assertThat(exit).as(() -> String.join("\n", tail(said))).isZero();
        assertThat(said).as("Jazzer ran").anyMatch(line -> line.contains("DONE"));
        said.stream().filter(line -> line.contains("DONE")).forEach(line -> System.out.println(target + ": " + line));
    }

    private static List<String> command(FuzzTarget target, Path corpus, Path faults) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g", "-cp", classPath));
        if (Runtime.version().feature() >= 21) {
            command.add(1, "-XX:+EnableDynamicAgentLoading");
        }
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.add("--target_class=" + target.type().getName());
        command.add("--instrumentation_includes=io.inferometer.**");
        command.add("--disabled_hooks=com.code_intelligence.jazzer.sanitizers.*");
        command.add("--reproducer_path=" + faults);
        command.add("-artifact_prefix=" + faults + "/");
        command.add("-max_total_time=" + SECONDS);
        command.add("-max_len=" + INPUT_BYTES_MAX);
        command.add("-timeout=60");
        command.add("-rss_limit_mb=3072");
        command.add("-print_final_stats=1");
        command.add(corpus.toString());
        command.add(target.kept().toString());
        return command;
    }

    private static List<String> tail(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 60), lines.size());
    }
}
