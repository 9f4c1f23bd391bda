package io.inferometer.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The targets take all inputs that are kept; {@link FuzzRunTest} looks for new ones. */
class FuzzCorpusTest {
    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void takesWhatIsKept(FuzzTarget target) throws IOException {
        List<Path> inputs;
        try (Stream<Path> files = Files.list(target.kept())) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).hasSizeGreaterThan(10);
        for (Path input : inputs) {
            byte[] bytes = Files.readAllBytes(input);
            try {
                target.read(bytes);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("The target " + target + " does not take " + input, e);
            }
        }
    }
}
