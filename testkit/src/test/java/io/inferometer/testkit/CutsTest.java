package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CutsTest {
    @Test
    void cutASmallPageEverywhere() {
        assertThat(Cuts.of("a 1\nb 2\n".getBytes(StandardCharsets.UTF_8))).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void cutAPageOf8KilobytesEverywhereAndALargerOneNot() {
        assertThat(Cuts.of(new byte[8192])).hasSize(8192);
        String head = "a 1\n".repeat(1024);
        String middle = "rare_bucket{le=\"0.1\"} 7\n".repeat(300);
        String page = head + middle + "a 1\n".repeat(1024);
        Set<Integer> cuts = Cuts.of(page.getBytes(StandardCharsets.UTF_8));
        assertThat(cuts)
                .containsAll(IntStream.rangeClosed(0, 4096).boxed().toList())
                .containsAll(IntStream.range(page.length() - 4096, page.length())
                        .boxed()
                        .toList())
                .containsAll(IntStream.rangeClosed(4096, 4096 + 24).boxed().toList())
                .doesNotContain(4096 + 25, 4096 + 1000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # HELP a b c                       | # HELP
                    # TYPE a gauge                     | # TYPE
                    # EOF                              | # EOF
                    #                                  | #
                    a 1                                | name integer
                    a 1.5                              | name fraction
                    a{b="c"} 1.5e+07                   | name{} exponent
                    a_bucket{b="c",le="0.1"} 4         | _bucket{} integer
                    a_sum 0.1                          | _sum fraction
                    a_count 4.0                        | _count fraction
                    a{quantile="0.5"} NaN              | name{quantile} NaN
                    a_created{b="c"} 1.7e+09           | _created{} exponent
                    """)
    void tellLinesByTheirShape(String line, String shape) {
        assertThat(Cuts.shapeOf(line)).isEqualTo(shape);
    }
}
