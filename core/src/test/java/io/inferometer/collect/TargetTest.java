package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # given                              | the page                             | another endpoint
            http://gpu-7:8080                    | http://gpu-7:8080/metrics            | http://gpu-7:8080/info
            http://gpu-7:8080/                   | http://gpu-7:8080/metrics            | http://gpu-7:8080/info
            http://gpu-7                         | http://gpu-7/metrics                 | http://gpu-7/info
            https://gpu-7                        | https://gpu-7/metrics                | https://gpu-7/info
            HTTP://GPU-7:8080                    | http://gpu-7:8080/metrics            | http://gpu-7:8080/info
            http://gpu-7:8080/metrics            | http://gpu-7:8080/metrics            | http://gpu-7:8080/info
            http://gpu-7:8080/metrics/           | http://gpu-7:8080/metrics/           | http://gpu-7:8080/info
            http://h/metrics?name[]=a            | http://h/metrics?name[]=a            | http://h/info?name[]=a
            http://h/metrics/?model=X            | http://h/metrics/?model=X            | http://h/info?model=X
            http://h/engine-3                    | http://h/engine-3/metrics            | http://h/engine-3/info
            http://h/engine-3/                   | http://h/engine-3/metrics            | http://h/engine-3/info
            http://h/a/b/metrics                 | http://h/a/b/metrics                 | http://h/a/b/info
            http://h/prometheus/metrics/         | http://h/prometheus/metrics/         | http://h/prometheus/info
            http://h/engine?autoload=false       | http://h/engine/metrics?autoload=false | http://h/engine/info?autoload=false
            http://h?model=X                     | http://h/metrics?model=X             | http://h/info?model=X
            http://h/metrics2                    | http://h/metrics2/metrics            | http://h/metrics2/info
            http://h/a%20b                       | http://h/a%20b/metrics               | http://h/a%20b/info
            http://user:pw@h/x                   | http://h/x/metrics                   | http://h/x/info
            http://[::1]:9000                    | http://[::1]:9000/metrics            | http://[::1]:9000/info
            http://[2001:DB8::7]/metrics         | http://[2001:db8::7]/metrics         | http://[2001:db8::7]/info
            """)
    void aUrlIsABaseAPageOrAPrefix(String given, String page, String other) {
        Target target = Target.of(given);
        assertThat(target.resolve("/metrics")).hasToString(page);
        assertThat(target.resolve("/info")).hasToString(other);
    }

    @ParameterizedTest
    @CsvSource({
        "http://gpu-7:8080/metrics,      gpu-7:8080",
        "http://gpu-7,                   gpu-7:80",
        "https://gpu-7/x,                gpu-7:443",
        "http://[::1]:9000,              [::1]:9000",
        "http://user:pw@10.0.0.1:1,      10.0.0.1:1",
    })
    void theInstanceIsHostAndPort(String url, String instance) {
        assertThat(Target.of(url).hostAndPort()).isEqualTo(instance);
    }

    @Test
    void itsTextHoldsNoSecrets() {
        Target target = Target.of(" http://user:secret@h:1/metrics?token=secret#secret ");
        assertThat(target).hasToString("http://h:1/metrics");
        assertThat(target.printable()).isEqualTo(URI.create("http://h:1/metrics"));
    }

    @Test
    void equalityIsThatOfTheUrl() {
        Target target = Target.of("http://h:1/x");
        assertThat(target)
                .isEqualTo(Target.of(URI.create("HTTP://H:1/x")))
                .hasSameHashCodeAs(Target.of("http://h:1/x"));
        assertThat(target).isNotEqualTo(Target.of("http://h:2/x")).isNotEqualTo("http://h:1/x");
        assertThat(target).isNotEqualTo(Target.of("http://h:1/x?a=b"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gpu-7:8080                       | gpu-7:8080
            ftp://user:secret@h/x?y=secret   | ftp://h/x
            file:/etc/hosts                  | file:/etc/hosts
            http://                          | http://
            http://h:99999                   | http://h:99999
            //h/x                            | //h/x
            user:secret@gpu-7:8080           | gpu-7:8080
            x?token=secret                   | x
            """)
    void whatIsNoHttpUrlIsRefusedWithoutItsSecrets(String url, String shown) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.of(url))
                .withMessage("'" + shown + "' is not an http or https URL. Write it like http://gpu-7:8080.");
    }

    @Test
    void aLongTextIsShownInPart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Target.of("x".repeat(201)))
                .withMessage(
                        "'" + "x".repeat(200) + "…' is not an http or https URL. Write it like http://gpu-7:8080.");
    }
}
