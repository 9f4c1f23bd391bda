package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberFormTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    5                  | 5.0                   | 5                       | 5
                    0                  | 0.0                   | 0                       | 0
                    999999             | 999999.0              | 999999                  | 999999
                    1063734            | 1.063734e+06          | 1063734                 | 1.06373e+06
                    98313546           | 9.8313546e+07         | 98313546                | 9.83135e+07
                    12345678901        | 1.2345678901e+010     | 12345678901             | 1.23457e+10
                    1000000            | 1e+06                 | 1000000                 | 1e+06
                    0.00015            | 0.00015               | 0.00015                 | 0.00015
                    0.000015           | 1.5e-05               | 0.000015                | 1.5e-05
                    2.5135412          | 2.5135412             | 2.5135412               | 2.51354
                    -1                 | -1.0                  | -1                      | -1
                    1.795323434217285  | 1.795323434217285     | 1.795323434217285       | 1.79532
                    NaN                | NaN                   | NaN                     | NaN
                    Infinity           | +Inf                  | +Inf                    | +Inf
                    """)
    void printsAsTheEnginesDo(double value, String python, String rust, String cpp) {
        assertThat(NumberForm.PYTHON.print(value)).isEqualTo(python);
        assertThat(NumberForm.RUST.print(value)).isEqualTo(rust);
        assertThat(NumberForm.CPP.print(value)).isEqualTo(cpp);
    }
}
