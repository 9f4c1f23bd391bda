package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchCommandTest {
    private static final String PAGE = """
            vllm:num_requests_running{model_name="tiny"} 3.0
            vllm:kv_cache_usage_perc{model_name="tiny"} 0.25
            vllm:generation_tokens_total{model_name="tiny"} 640.0
            """;
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z";

    @Test
    void printsOneLineForEachEngineAndRound() throws IOException {
        try (TestServer good = TestServer.withPage(PAGE);
                TestServer bad = TestServer.withStatus(500, "")) {
            Shell.Result result =
                    Shell.run("watch", "vllm=" + good.url(), "vllm=" + bad.url(), "--interval", "50ms", "--count", "3");

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.err()).isEmpty();
            assertThat(result.outLines()).hasSize(6);
            List<String> ofGood = linesOf(good, result);
            String start = TIME + " vllm " + good.address();
            assertThat(ofGood).hasSize(3);
            assertThat(ofGood.get(0))
                    .matches(start + " running=3 waiting=- kv_usage=0\\.25 tokens_per_second=- .* state=UP age=\\S+");
            assertThat(ofGood.get(2))
                    .matches(start + " running=3 waiting=- kv_usage=0\\.25 tokens_per_second=0 .* state=UP age=\\S+");
            assertThat(linesOf(bad, result))
                    .hasSize(3)
                    .allMatch(line -> line.contains(" error: ") && line.contains("500"));
            assertThat(good.requests()).isEqualTo(3);
        }
    }

    @Test
    void takesABareUrlForAuto() throws IOException {
        try (TestServer server = TestServer.withPage(PAGE)) {
            Shell.Result result = Shell.run("watch", server.url() + "/?a=b", "--count", "1");

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.out()).matches(TIME + " vllm " + server.address() + " running=3 .*\n");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            localhost:1                         | 'localhost:1' is not ENGINE=URL. Write it like vllm=http://gpu-7:8000.
            =http://localhost:1                 | '=http://localhost:1' is not ENGINE=URL. Write it like vllm=http://gpu-7:8000.
            vllm=localhost:1                    | 'localhost:1' is not an http or https URL. Write it like http://gpu-7:8080.
            nix=http://localhost:1              | No backend named 'nix' on the class path; found llamacpp, ollama, sglang, tgi, vllm. Add the dependency 'io.inferometer:inferometer-backend-nix', or pass one of the names found.
            vllm=http://a:1 http://a:1          | 'a:1' is named twice.
            --count 1                           | Name what to watch: vllm=http://gpu-7:8000, or --targets FILE, or --kubernetes.
            vllm=http://localhost:1 --count 0   | --count must be 1 or more.
            """)
    void refusesWrongUsageInOneLine(String arguments, String message) {
        String[] words = ("watch " + arguments).split(" ");

        assertThat(Shell.run(words)).isEqualTo(new Shell.Result(2, "", message + "\n"));
    }

    @Test
    void printsOneLineOfJsonForEachTick(@TempDir Path folder) throws IOException {
        try (TestServer good = TestServer.withPage(PAGE);
                TestServer bad = TestServer.withStatus(500, "")) {
            Path file = Files.writeString(
                    folder.resolve("targets.json"),
                    "{\"targets\":[{\"name\":\"good\",\"url\":\"%s\"},{\"name\":\"bad\",\"engine\":\"vllm\",\"url\":\"%s\",\"labels\":{\"model\":\"tiny\"}}]}"
                            .formatted(good.url(), bad.url()));

            Shell.Result result = Shell.run(
                    "watch",
                    "--targets",
                    file.toString(),
                    "--json",
                    "--interval",
                    "100ms",
                    "--count",
                    "3",
                    "--sort",
                    "running");

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.outLines()).hasSize(3);
            JsonNode tick = new ObjectMapper().readTree(result.outLines().get(2));
            JsonNode first = tick.get("targets").get(0);
            assertThat(first.get("name").asText()).isEqualTo("good");
            assertThat(first.get("engine").asText()).isEqualTo("vllm");
            assertThat(first.get("model").asText()).isEqualTo("tiny");
            assertThat(first.get("state").asText()).isEqualTo("UP");
            assertThat(first.get("running").asLong()).isEqualTo(3);
            assertThat(first.has("waiting")).isFalse();
            assertThat(first.get("kv_cache_usage").asDouble()).isEqualTo(0.25);
            assertThat(first.get("age_seconds").asDouble()).isBetween(0.0, 5.0);
            JsonNode second = tick.get("targets").get(1);
            assertThat(second.get("name").asText()).isEqualTo("bad");
            assertThat(second.get("error").asText()).contains("500");
            assertThat(second.has("running")).isFalse();
            JsonNode model = tick.get("models").get(0);
            assertThat(tick.get("models")).hasSize(1);
            assertThat(model.get("model").asText()).isEqualTo("tiny");
            assertThat(model.get("targets").asInt()).isEqualTo(2);
            assertThat(model.get("up").asInt()).isEqualTo(1);
            assertThat(model.get("running").asLong()).isEqualTo(3);
            assertThat(model.has("waiting")).isFalse();
        }
    }

    @Test
    void printsTargetsInOrderAndALineForEachModelAtEachTick(@TempDir Path folder) throws IOException {
        String two = """
                vllm:num_requests_running{model_name="tiny"} 5.0
                vllm:num_requests_running{model_name="large"} 2.0
                vllm:generation_tokens_total{model_name="tiny"} 640.0
                """;
        try (TestServer one = TestServer.withPage(PAGE);
                TestServer both = TestServer.withPage(two)) {
            Path file = Files.writeString(
                    folder.resolve("targets.yaml"),
                    "targets: [{name: one, engine: vllm, url: '%s'}, {name: both, engine: vllm, url: '%s'}]"
                            .formatted(one.url(), both.url()));

            Shell.Result result = Shell.run(
                    "watch", "--targets", file.toString(), "--interval", "100ms", "--count", "2", "--sort", "running");

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.outLines()).hasSize(8);
            assertThat(result.outLines().get(4)).matches(TIME + " vllm both running=7 .* state=UP age=\\S+");
            assertThat(result.outLines().get(5)).matches(TIME + " vllm one running=3 .* state=UP age=\\S+");
            assertThat(result.outLines().subList(6, 8))
                    .anySatisfy(line -> assertThat(line)
                            .matches(TIME + " model tiny: 2 of 2 up, running 8, waiting -, KV usage at most 25 %.*"))
                    .anySatisfy(line -> assertThat(line).matches(TIME + " model large: 1 of 1 up, running 2, .*"));
        }
    }

    @Test
    void jsonHasEachModelAndRankOfATarget(@TempDir Path folder) throws IOException {
        String page = """
                vllm:num_requests_running{engine="0",model_name="m"} 1.0
                vllm:num_requests_running{engine="1",model_name="m"} 2.0
                vllm:num_requests_running{engine="0",model_name="n"} 4.0
                vllm:generation_tokens_total{engine="0",model_name="m"} 10.0
                vllm:generation_tokens_total{engine="1",model_name="m"} 10.0
                vllm:generation_tokens_total{engine="0",model_name="n"} 10.0
                """;
        try (TestServer server = TestServer.withPage(page)) {
            Path file = Files.writeString(folder.resolve("t.yaml"), "targets: [{url: '%s'}]".formatted(server.url()));

            Shell.Result result =
                    Shell.run("watch", "--targets", file.toString(), "--json", "--interval", "500ms", "--count", "4");

            JsonNode target = new ObjectMapper()
                    .readTree(result.outLines().get(3))
                    .get("targets")
                    .get(0);
            assertThat(target.at("/by_model/m/running").asLong()).isEqualTo(3);
            assertThat(target.at("/by_model/n/running").asLong()).isEqualTo(4);
            assertThat(target.at("/by_rank/0/running").asLong()).isEqualTo(5);
            assertThat(target.at("/by_rank/1/running").asLong()).isEqualTo(2);
            assertThat(target.at("/by_rank/1/generated_tokens_per_second").asDouble(-1))
                    .isZero();
            assertThat(target.at("/by_model/n/generated_tokens_per_second").asDouble(-1))
                    .isZero();
        }
    }

    private static List<String> linesOf(TestServer server, Shell.Result result) {
        return result.outLines().stream()
                .filter(line -> line.contains(" " + server.address() + " "))
                .toList();
    }
}
