package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoCommandTest {
    private static final List<String> ENGINES = List.of("vllm", "tgi", "sglang", "llamacpp", "ollama");

    @Test
    void printsTheCommonWordsOfAllEnginesThenTheirOwn() {
        Shell.Result result = Shell.run("demo");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.err()).isEmpty();
        List<String> lines = result.outLines();
        assertThat(lines.get(0).split(" +")).hasSize(6).startsWith("field").contains(ENGINES.toArray(String[]::new));
        assertThat(lines)
                .anyMatch(line -> line.matches("load\\.requests_running( +(\\d+|-)){5}"))
                .anyMatch(line -> line.matches("generated tokens per second( +([\\d.]+|-)){5}"));
        for (String engine : ENGINES) {
            int title = lines.indexOf(engine + "'s own view");
            assertThat(title).as("the title of " + engine).isPositive();
            assertThat(lines.get(title + 1)).matches(" {2}[a-z_]+\\S* +.+");
        }
    }

    @Test
    void printsTheSnapshotsAsOneJsonObject() throws IOException {
        Shell.Result result = Shell.run("demo", "--json");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.err()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(names(json)).containsExactly("engines");
        assertThat(names(json.path("engines"))).containsExactlyInAnyOrderElementsOf(ENGINES);
        for (String engine : ENGINES) {
            JsonNode snapshot = json.path("engines").path(engine);
            assertThat(snapshot.path("engine").textValue()).isEqualTo(engine);
            assertThat(snapshot.path("metrics").isEmpty()).as(engine).isFalse();
        }
        assertThat(json.at("/engines/vllm/metrics/tokens/generated").longValue())
                .isPositive();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
