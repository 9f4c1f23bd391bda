package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.testkit.PrometheusFake;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusCommandsTest {
    @Test
    void asksAServerForTheReplicas() throws IOException {
        try (PrometheusFake server = PrometheusFake.start()) {
            Map<String, String> labels = Map.of("instance", "gpu-7:8000", "job", "j", "model_name", "llama-3");
            server.inject("vllm:num_requests_running", 2, labels).inject("vllm:num_requests_waiting", 7, labels);

            Shell.Result json = Shell.run("saturation", "--prometheus", server.url(), "--model", "llama-3", "--json");
            Shell.Result table = Shell.run("saturation", "--prometheus", server.url(), "--model", "llama-3");

            assertThat(json.err()).isEmpty();
            JsonNode replica =
                    new ObjectMapper().readTree(json.out()).get("replicas").get(0);
            assertThat(replica.get("replica_id").asText()).isEqualTo("gpu-7:8000");
            assertThat(replica.get("running").asLong()).isEqualTo(2);
            assertThat(replica.get("queue_depth").asLong()).isEqualTo(7);
            assertThat(table.exitCode()).isZero();
            assertThat(table.out()).contains("gpu-7:8000");
        }
    }

    @Test
    void wantsOneSource() {
        Shell.Result result = Shell.run("saturation", "--model", "llama-3");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("--prometheus URL");
    }

    @Test
    void saysThatNobodyAnswers() {
        Shell.Result result = Shell.run("saturation", "--prometheus", "http://127.0.0.1:1", "--model", "llama-3");

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("127.0.0.1:1");
    }

    @Test
    void printsTheQueriesOfAnEngineWithWhatTheyAreFor() {
        Shell.Result result = Shell.run("queries", "vllm", "--model", "llama-3");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("# freshness: ")
                .contains("max_over_time(timestamp(vllm:num_requests_running{model_name=\"llama-3\"})[6m:15s])");
    }

    @Test
    void saysWhichEngineHasNoQueries() {
        assertThat(Shell.run("queries", "nonsense").err()).contains("'nonsense' is no engine");
    }

    @Test
    void printsRecordingRules() {
        Shell.Result result = Shell.run("rules", "vllm");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("groups:", "record: ");
    }
}
