package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the comparison with Prometheus lets pass, and what it does not. Each account here is one line and the verdict. */
class PeerDifferenceTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    S a 1 - - x=1 / taken                  | S a 1 - - x=1 / taken                  |
                    S a 1 - - / taken                      | S %20a 1 - - / taken                   | BLANKS
                    S a 1 - - le=1 / taken                 | S a 1 - - le=1.0 / taken               | BOUND
                    S a 1 - - le=%2d0 / taken              | S a 1 - - le=0.0 / taken               | BOUND
                    S a 1 9223372036854775807 - / taken    | S a 1 -9223372036854775808 - / taken   | SECONDS
                    S a 1 1001 - / taken                   | S a 1 1000 - / taken                   | SECONDS
                    S a 1 - x=%22,1@5 / taken              | S a 1 - x=%5c%22,1@5 / taken           | ESCAPES
                    HELP a%22 b / taken                    | HELP a%5c%22 b / taken                 | ESCAPES
                    HELP a b / taken                       | HELP a b%0a / taken                    | NUL_BEHIND_HELP
                    S a 1 - - / refused here               | S a 1 - - / refused there              |
                    S b 1 - - / refused here               | S b 1 - - / crashed                    | CRASH
                    T / refused twice                      | S a 1 - - x= x=1 / taken               | EMPTY_LABEL
                    """)
    void letsPass(String ours, String theirs, PeerDifference named) {
        PeerDifference.Tally tally = compared(ours, theirs);

        assertThat(tally.unnamed).isEmpty();
        assertThat(tally.named.keySet()).isEqualTo(named == null ? java.util.Set.of() : java.util.Set.of(named));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    S a 1 - - / taken                      | S a 1 - - / refused
                    S a 1 - - / refused here               | S a 1 - - / taken
                    S a 1 - - / taken                      | S a 1 - - / crashed
                    S a 1 - - / taken                      | S a 2 - - / taken
                    S a 1 - - / taken                      | S b 1 - - / taken
                    S a 1 - - / taken                      | S a 1 5 - / taken
                    S a 1 1002 - / taken                   | S a 1 1000 - / taken
                    S a 1 - - x=1 / taken                  | S a 1 - - x=1.0 / taken
                    S a 1 - - le=1 / taken                 | S a 1 - - le=2 / taken
                    S a 1 - - le=1 / taken                 | S a 1 - - le=1 y=2 / taken
                    S a 1 - x=1,1 / taken                  | S a 1 - x=2,1 / taken
                    S a 1 - - / refused here               | S a 2 - - / refused there
                    HELP a b / taken                       | HELP a c / taken
                    TYPE a gauge / taken                   | HELP a gauge / taken
                    T / refused twice                      | S a 1 - - x=2 x=1 / taken
                    """)
    void doesNotLetPass(String ours, String theirs) {
        assertThat(compared(ours, theirs).unnamed).hasSize(1);
    }

    private static PeerDifference.Tally compared(String ours, String theirs) {
        PeerDifference.Tally tally = new PeerDifference.Tally();
        tally.compare(List.of(ours.split(" / ")), List.of(theirs.split(" / ")), new byte[] {'a'}, 0);
        return tally;
    }
}
