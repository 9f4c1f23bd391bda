package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inferometer.fleet.MonitoredTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsYaml() throws IOException {
        List<MonitoredTarget> targets = read("""
                targets:
                  - name: a
                    engine: TGI
                    url: http://gpu-1:8080
                    labels:
                      model: llama-3
                      cost: 2.5
                  - url: https://gpu-2:8000/prefix
                """);

        assertThat(targets).hasSize(2);
        assertThat(targets.get(0).name()).isEqualTo("a");
        assertThat(targets.get(0).engine()).isEqualTo("tgi");
        assertThat(targets.get(0).labels()).isEqualTo(Map.of("model", "llama-3", "cost", "2.5"));
        assertThat(targets.get(1).name()).isEqualTo("gpu-2:8000");
        assertThat(targets.get(1).engine()).isEqualTo("auto");
        assertThat(targets.get(1).labels()).isEmpty();
    }

    @Test
    void readsJson() throws IOException {
        List<MonitoredTarget> targets =
                read("{\"targets\":[{\"name\":\"a\",\"url\":\"http://x:1\",\"labels\":{\"zone\":\"eu\"}}]}");

        assertThat(targets).hasSize(1);
        assertThat(targets.get(0).label("zone")).isEqualTo("eu");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            target: []                                        | :1: 'target' is not known; the file may hold targets.
            targets: {a: b}                                   | :1: 'targets' must be a list of targets, each with a url.
            targets: []                                       | :1: the list must hold 1 to 20000 targets, but holds 0.
            targets: [{name: a}]                              | :1: a target needs a url, such as http://gpu-7:8000.
            targets: [{url: 'http://a:1', enigne: vllm}]      | :1: 'enigne' is not known; a target may hold engine, labels, name, url.
            targets: [{url: 'a:1'}]                           | :1: url: 'a:1' is not an http or https URL. Write it like http://gpu-7:8080.
            targets: [{url: 'http://a:1', labels: [x]}]       | :1: labels are written {model: llama-3, zone: eu-1}.
            targets: [{url: 'http://a:1', labels: {cost: x}}] | :1: the label 'cost' must be a number of 0 or more, but is 'x'.
            targets: [{url: 'http://a:1'}, {url: 'http://a:1'}] | :1: the target of line 1 is called 'a:1' too; give one of them another name.
            targets: [{url: [x]}]                             | :1: url must be a single value.
            """)
    void saysWhatIsWrongAndWhere(String text, String message) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> read(text))
                .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(Failure.USAGE))
                .withMessageEndingWith(message);
    }

    @Test
    void takesWhatIsNullForWhatIsNotThere() throws IOException {
        assertThat(
                        read(
                                "{\"targets\":[{\"name\":null,\"engine\":null,\"url\":\"http://a:1\",\"labels\":{\"model\":null,\"zone\":\"z\"}}]}"))
                .containsExactly(MonitoredTarget.of("http://a:1").withLabel("zone", "z"));
        assertThat(read("targets:\n  - url: http://a:1\n    name: ~\n    engine:\n    labels:\n"))
                .containsExactly(MonitoredTarget.of("http://a:1"));
        assertThat(read("targets: [{url: 'http://a:1', labels: {model: 'null'}}]"))
                .containsExactly(MonitoredTarget.of("http://a:1").withLabel("model", "null"));
    }

    @Test
    void namesTheLine() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> read("targets:\n  - url: http://a:1\n  - url: http://b:1\n    zone: eu\n"))
                .withMessageContaining(":4: 'zone' is not known");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> read("targets:\n  - url: \"http://a:1\n"))
                .withMessageContaining("is neither YAML nor JSON");
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> read("")).withMessageContaining("is empty");
    }

    @Test
    void aBombOfAliasesIsRefused() {
        StringBuilder bomb = new StringBuilder("a: &a [x]\n");
        for (int i = 0; i < 200; i++) {
            bomb.append("b").append(i).append(": [*a, *a]\n");
        }
        assertThatExceptionOfType(Failure.class).isThrownBy(() -> read(bomb.toString()));
    }

    private List<MonitoredTarget> read(String text) throws IOException {
        return TargetsFile.read(Files.writeString(folder.resolve("targets.yaml"), text));
    }
}
