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
    void showsAFleetOfWhichOneEngineDiesAndComesBack() {
        List<String> lines = Shell.run("demo").outLines();
        int title = lines.indexOf("a fleet, read every 200 ms, of which one engine dies and comes back");
        assertThat(title).isPositive();
        List<String> fleet = lines.subList(title, lines.size());
        int killed = indexOf(fleet, ".* is killed");
        String mortal = fleet.get(killed).replaceAll("^.* s {2}| is killed$", "");
        int down = indexOf(fleet, ".* " + mortal + ": STALE -> DOWN");
        int again = indexOf(fleet, ".* " + mortal + " is started again");
        int up = indexOf(fleet, ".* " + mortal + ": DOWN -> UP");
        assertThat(List.of(killed, down, again, up)).isSorted().doesNotContain(-1);
        assertThat(fleet).anyMatch(line -> line.matches(" *" + mortal + " +DOWN .*"));
        assertThat(fleet).anyMatch(line -> line.matches(" *" + mortal + " +UP .* 1"));
    }

    private static int indexOf(List<String> lines, String pattern) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches(pattern)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void printsTheSnapshotsAsOneJsonObject() throws IOException {
        Shell.Result result = Shell.run("demo", "--json");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.err()).isEmpty();
        JsonNode json = new ObjectMapper().readTree(result.out());
        assertThat(names(json)).containsExactly("engines", "fleet");
        assertThat(names(json.path("engines"))).containsExactlyInAnyOrderElementsOf(ENGINES);
        for (String engine : ENGINES) {
            JsonNode snapshot = json.path("engines").path(engine);
            assertThat(snapshot.path("engine").textValue()).isEqualTo(engine);
            assertThat(snapshot.path("metrics").isEmpty()).as(engine).isFalse();
        }
        assertThat(json.at("/engines/vllm/metrics/tokens/generated").longValue())
                .isPositive();
        assertThatOneEngineDiesAndComesBack(json.path("fleet"));
    }

    private static void assertThatOneEngineDiesAndComesBack(JsonNode fleet) {
        String mortal = "";
        List<String> story = new ArrayList<>();
        for (JsonNode step : fleet) {
            assertThat(step.path("seconds").doubleValue()).isNotNegative();
            String event = step.path("event").asText();
            mortal = event.equals("killed") ? step.path("target").asText() : mortal;
            if (step.has("targets")) {
                story.add(standing(step.path("targets"), mortal));
            } else if (!mortal.isEmpty() && step.path("target").asText().equals(mortal)) {
                story.add(event + step.path("state").asText());
            }
        }
        assertThat(ENGINES).contains(mortal);
        assertThat(story)
                .containsSubsequence("killed", "STALE", "DOWN", "DOWN with 0", "started again", "UP", "UP with 1");
    }

    private static String standing(JsonNode targets, String name) {
        for (JsonNode seen : targets) {
            JsonNode target = seen.path("target");
            if (target.path("name").asText().equals(name)) {
                return target.path("state").asText() + " with " + seen.path("restarts");
            }
        }
        return "nowhere";
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
