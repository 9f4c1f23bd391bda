package io.inferometer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The code of the README and of docs/kubernetes.md is a region of an example, so it compiles and was run. Blanks differ, and
 * its URLs are written out.
 */
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern REGION = Pattern.compile("// region [a-z-]+\n(.*?)// endregion\n", Pattern.DOTALL);

    @Test
    void quotesTheExamples() throws IOException {
        List<String> blocks = partsOf(Files.readString(Path.of("../README.md")), BLOCK);
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(4).isSubsetOf(regions());
    }

    @Test
    void quotesTheExamplesOfKubernetes() throws IOException {
        List<String> blocks = partsOf(Files.readString(Path.of("../docs/kubernetes.md")), BLOCK);
        assertThat(blocks).hasSize(2).isSubsetOf(regions());
    }

    private static Set<String> regions() throws IOException {
        Set<String> regions = new HashSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> regions.addAll(partsOf(textOf(file), REGION)));
        }
        return regions;
    }

    private static List<String> partsOf(String text, Pattern part) {
        return part.matcher(text).results().map(ReadmeTest::code).toList();
    }

    private static String code(MatchResult part) {
        return part.group(1).replaceAll("\"http://[a-z0-9:-]+\"", "url").replaceAll("\\s", "");
    }

    private static String textOf(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
