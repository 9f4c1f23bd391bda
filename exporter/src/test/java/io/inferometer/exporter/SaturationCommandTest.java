package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.testkit.FakeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaturationCommandTest {
    private static final String NOBODY = "http://127.0.0.1:1";

    @TempDir
    private Path folder;

    @Test
    void printsTheReplicasOfAModelTheSilentAndTheAdvice() throws IOException {
        try (FakeEngine tgi = FakeEngine.start("tgi").withSlots(2);
                FakeEngine vllm = FakeEngine.start("vllm").withModel("llama-3").withSlots(2);
                FakeEngine other = FakeEngine.start("vllm").withModel("other")) {
            tgi.serve(1).submit(9); // Two run, seven wait.
            vllm.submit(8); // Two run, six wait.
            Path targets = file("""
                    targets:
                      - {name: a, engine: tgi, url: "%s", labels: {model: llama-3, variant: small, cost: 1.5}}
                      - {name: b, url: "%s", labels: {model: not-what-its-page-says, variant: large, cost: 9}}
                      - {name: c, engine: vllm, url: "%s", labels: {model: llama-3}}
                      - {name: d, engine: vllm, url: "%s", labels: {model: llama-3}}
                    """.formatted(tgi.url(), vllm.url(), other.url(), NOBODY));

            Shell.Result result = saturation(targets, "--model", "llama-3", "--for", "300ms", "--json");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isEqualTo(0);
            JsonNode tree = new ObjectMapper().readTree(result.out());
            assertThat(words(tree)).containsExactly("replicas", "unreachable", "advice");
            assertThat(tree.get("replicas")).hasSize(2);
            JsonNode a = tree.get("replicas").get(0);
            assertThat(a.get("replica_id").asText()).isEqualTo("a");
            assertThat(a.get("model").asText()).isEqualTo("llama-3");
            assertThat(a.get("engine").asText()).isEqualTo("tgi");
            assertThat(a.get("running").asLong()).isEqualTo(2);
            assertThat(a.get("queue_depth").asLong()).isEqualTo(7);
            assertThat(a.get("requests_per_second").asDouble()).isZero();
            assertThat(a.get("freshness").asText()).isEqualTo("FRESH");
            assertThat(a.get("age_seconds").asDouble()).isBetween(0.0, 10.0);
            assertThat(a.has("kv_cache_usage")).isFalse(); // TGI does not say.
            JsonNode b = tree.get("replicas").get(1);
            assertThat(b.get("replica_id").asText()).isEqualTo("b");
            assertThat(b.get("engine").asText()).isEqualTo("vllm");
            assertThat(b.get("queue_depth").asLong()).isEqualTo(6);
            assertThat(b.get("kv_cache_usage").asDouble()).isBetween(0.0, 1.0);
            assertThat(tree.get("unreachable")).hasSize(1);
            assertThat(tree.get("unreachable").get(0).get("name").asText()).isEqualTo("d");
            assertThat(tree.get("unreachable").get(0).get("reason").asText()).contains("nothing accepts connections");
            assertThat(tree.get("advice").get("action").asText()).isEqualTo("up");
            assertThat(tree.get("advice").get("variant").asText()).isEqualTo("small"); // The cheapest.
        }
    }

    @Test
    void printsATableForPeople() throws IOException {
        try (FakeEngine engine = FakeEngine.start("tgi").withSlots(2)) {
            engine.serve(1).submit(9);
            Path targets = file("targets: [{engine: tgi, url: '%s', labels: {model: m}}]".formatted(engine.url()));

            Shell.Result result = saturation(targets, "--model", "m", "--for", "200ms");

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.outLines()).hasSize(4);
            assertThat(result.outLines().get(0)).startsWith("replica").contains("freshness", "KV usage", "waiting");
            assertThat(result.outLines().get(1)).contains(" tgi ", " FRESH ", " 7 ", " 2 ");
            assertThat(result.outLines().get(3)).startsWith("advice: up: ");
        }
    }

    @Test
    void aModelWithoutReplicasIsEmptyAndNotAnError() throws IOException {
        try (FakeEngine engine = FakeEngine.start("vllm").withModel("m")) {
            Path targets = file("targets: [{url: '%s'}]".formatted(engine.url()));

            Shell.Result result = saturation(targets, "--model", "n", "--for", "200ms", "--json");

            assertThat(result.exitCode()).isEqualTo(0);
            JsonNode tree = new ObjectMapper().readTree(result.out());
            assertThat(tree.get("replicas")).isEmpty();
            assertThat(tree.get("unreachable")).isEmpty();
            assertThat(tree.get("advice").get("action").asText()).isEqualTo("unknown");
        }
    }

    @Test
    void failsWhenNothingCouldBeAsked() throws IOException {
        Path targets = file("targets: [{name: x, engine: vllm, url: '%s'}]".formatted(NOBODY));

        Shell.Result result = saturation(targets, "--model", "m", "--for", "200ms", "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        JsonNode tree = new ObjectMapper().readTree(result.out());
        assertThat(tree.get("replicas")).isEmpty();
        assertThat(tree.get("unreachable").get(0).get("name").asText()).isEqualTo("x");
        assertThat(tree.get("advice").get("action").asText()).isEqualTo("unknown");
    }

    @Test
    void failsWhenNothingAnsweredThoughTheLabelsNameAnotherModel() throws IOException {
        Path targets = file("targets: [{name: x, engine: vllm, url: '%s', labels: {model: n}}]".formatted(NOBODY));

        Shell.Result result = saturation(targets, "--model", "m", "--for", "200ms", "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("No target answered. Those of %s carry the label of another model than 'm'.\n"
                        .formatted(targets));
        assertThat(new ObjectMapper().readTree(result.out()).get("replicas")).isEmpty();
    }

    @Test
    void aNamespaceLeavesOutTargetsWithoutIt() throws IOException {
        try (FakeEngine one = FakeEngine.start("vllm").withModel("m");
                FakeEngine two = FakeEngine.start("vllm").withModel("m");
                FakeEngine three = FakeEngine.start("vllm").withModel("m")) {
            Path targets = file("""
                    {"targets": [
                      {"name": "one", "engine": "vllm", "url": "%s", "labels": {"namespace": "chat"}},
                      {"name": "two", "engine": "vllm", "url": "%s", "labels": {"namespace": "batch"}},
                      {"name": "three", "engine": "vllm", "url": "%s"}
                    ]}
                    """.formatted(one.url(), two.url(), three.url()));

            Shell.Result result =
                    saturation(targets, "--model", "m", "--namespace", "chat", "--for", "200ms", "--json");

            JsonNode replicas = new ObjectMapper().readTree(result.out()).get("replicas");
            assertThat(replicas).hasSize(1);
            assertThat(replicas.get(0).get("replica_id").asText()).isEqualTo("one");
            assertThat(replicas.get(0).get("namespace").asText()).isEqualTo("chat");
        }
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThat(Shell.run("saturation", "--model", "m").err()).contains("--targets");
        assertThat(Shell.run("saturation", "--targets", "x.yaml").err()).contains("--model");
        assertThat(Shell.run("saturation", "--targets", "x.yaml", "--model", "m"))
                .isEqualTo(new Shell.Result(
                        2, "", "There is no file x.yaml. Write one like targets: [{url: http://gpu-7:8000}].\n"));
        Path unknown = file("targets: [{engine: nix, url: 'http://localhost:1'}]");
        Shell.Result result = saturation(unknown, "--model", "m");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .startsWith(unknown + ":1: engine: No backend named 'nix'")
                .contains("vllm");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("targets.yaml"), text);
    }

    private static List<String> words(JsonNode tree) {
        List<String> words = new ArrayList<>();
        tree.fieldNames().forEachRemaining(words::add);
        return words;
    }

    private static Shell.Result saturation(Path targets, String... more) {
        List<String> words = new ArrayList<>(List.of("saturation", "--targets", targets.toString()));
        words.addAll(List.of(more));
        return Shell.run(words.toArray(String[]::new));
    }
}
