package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectCommandTest {
    private static final String PAGE = """
            # TYPE vllm:num_requests_running gauge
            vllm:num_requests_running{engine="0",model_name="tiny"} 3.0
            # TYPE vllm:num_requests_waiting gauge
            vllm:num_requests_waiting{engine="0",model_name="tiny"} 1.0
            # TYPE vllm:kv_cache_usage_perc gauge
            vllm:kv_cache_usage_perc{engine="0",model_name="tiny"} 0.25
            # TYPE vllm:generation_tokens counter
            vllm:generation_tokens_total{engine="0",model_name="tiny"} 640.0
            # TYPE vllm:e2e_request_latency_seconds histogram
            vllm:e2e_request_latency_seconds_bucket{engine="0",le="1.0",model_name="tiny"} 4.0
            vllm:e2e_request_latency_seconds_bucket{engine="0",le="+Inf",model_name="tiny"} 4.0
            vllm:e2e_request_latency_seconds_count{engine="0",model_name="tiny"} 4.0
            vllm:e2e_request_latency_seconds_sum{engine="0",model_name="tiny"} 2.0
            """;

    @Test
    void printsTheCommonWordsThenTheEnginesOwn() throws IOException {
        try (TestServer server = TestServer.withPage(PAGE)) {
            Shell.Result result = Shell.run("collect", "vllm", server.url());

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("vllm at " + server.url() + "/metrics, instance " + server.address());
            assertThat(result.outLines().stream().map(line -> line.replaceAll(" {2,}", " | ")))
                    .contains(
                            "field | value | from | note",
                            "load.requests_running | 3 | vllm:num_requests_running",
                            "load.requests_waiting | 1 | vllm:num_requests_waiting",
                            "tokens.generated | 640 | vllm:generation_tokens_total",
                            "latency.end_to_end_seconds | count 4, mean 500 ms, p50 500 ms, p90 900 ms, p99 990 ms | vllm:e2e_request_latency_seconds",
                            "cache.kv_usage | 25 % | vllm:kv_cache_usage_perc",
                            "vllm's own view",
                            " | gpu_metrics.cache_usage_perc | 0.25",
                            " | throughput_metrics.generation_tokens_total | 640");
            assertThat(result.out()).doesNotContain("tokens.prompt ", "raw metrics");
        }
    }

    @Test
    void printsTheSnapshotAsOneJsonObject() throws IOException {
        try (TestServer server = TestServer.withPage(PAGE)) {
            Shell.Result result = Shell.run("collect", "auto", server.url() + "/metrics", "--json");

            assertThat(result.exitCode()).isEqualTo(0);
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("{\n  \"engine\": \"vllm\",\n").endsWith("\n}\n");
            JsonNode json = new ObjectMapper().readTree(result.out());
            assertThat(json.at("/instance_id").textValue()).isEqualTo(server.address());
            assertThat(json.at("/metrics/load").toString())
                    .isEqualTo("{\"requests_running\":3,\"requests_waiting\":1}");
            assertThat(json.at("/metrics/cache/kv_usage").doubleValue()).isEqualTo(0.25);
            assertThat(json.at("/gpu_metrics/num_requests_running").longValue()).isEqualTo(3);
            assertThat(json.at("/provenance/load.requests_running").toString())
                    .isEqualTo("{\"family\":\"vllm:num_requests_running\",\"series\":1}");
            assertThat(json.has("raw_metrics")).isFalse();
        }
    }

    @Test
    void addsTheRawMetricsWhenAsked() throws IOException {
        try (TestServer server = TestServer.withPage(PAGE)) {
            Shell.Result asJson = Shell.run("collect", "vllm", server.url(), "--json", "--raw");
            JsonNode first = new ObjectMapper().readTree(asJson.out()).at("/raw_metrics/0");
            assertThat(first.at("/name").textValue()).isEqualTo("vllm:num_requests_running");
            assertThat(first.at("/labels").toString()).isEqualTo("{\"engine\":\"0\",\"model_name\":\"tiny\"}");
            assertThat(first.at("/value").intValue()).isEqualTo(3);

            Shell.Result asText = Shell.run("collect", "vllm", server.url(), "--raw");
            assertThat(asText.outLines()).contains("  vllm:kv_cache_usage_perc{engine=\"0\",model_name=\"tiny\"} 0.25");
        }
    }

    @ParameterizedTest
    @CsvSource({"X-Tenant=blue=green, blue=green", "X-Tenant: blue, blue", "X-Tenant:a=b, a=b", "x-tenant = a:b, a:b"})
    void sendsHeaders(String header, String value) throws IOException {
        try (TestServer server = TestServer.withPage(PAGE)) {
            Shell.run("collect", "vllm", server.url(), "--header", header, "--header=X-Other=1");

            assertThat(server.headersSentTo("/metrics").getFirst("X-Tenant")).isEqualTo(value);
            assertThat(server.headersSentTo("/metrics").getFirst("X-Other")).isEqualTo("1");
        }
    }

    @Test
    void failsInOneLineWhenNothingListens() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }

        assertThat(Shell.run("collect", "vllm", "http://127.0.0.1:" + port))
                .isEqualTo(new Shell.Result(
                        1,
                        "",
                        "Could not reach http://127.0.0.1:%d/metrics: nothing accepts connections there. Check that the engine runs, and its port.\n"
                                .formatted(port)));
    }

    @Test
    void failsInOneLineWhenTheEngineIsSlow() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            Shell.Result result =
                    Shell.run("collect", "vllm", "http://127.0.0.1:" + silent.getLocalPort(), "--timeout", "200ms");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .isEqualTo(
                            "No complete answer from http://127.0.0.1:%d/metrics within 200 ms. The engine may be overloaded; give it more with withTimeout(...). Here: --timeout.\n"
                                    .formatted(silent.getLocalPort()));
        }
    }

    @Test
    void failsInOneLineWhenTheEngineRefuses() throws IOException {
        try (TestServer server = TestServer.withStatus(503, "busy\nreally")) {
            Shell.Result result = Shell.run("collect", "vllm", server.url());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).hasLineCount(1).contains("503");
        }
    }

    @Test
    void namesTheOptionForCredentialsWhenTheEngineWantsThem() throws IOException {
        try (TestServer server = TestServer.withStatus(401, "who?")) {
            Shell.Result result = Shell.run("collect", "vllm", server.url());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).hasLineCount(1).endsWith(" Here: --header 'Authorization: Bearer TOKEN'.\n");
        }
    }

    @Test
    void failsWhenNoEngineWroteThePage() throws IOException {
        try (TestServer server = TestServer.withPage("up 1\n")) {
            Shell.Result result = Shell.run("collect", "auto", server.url());

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .hasLineCount(1)
                    .startsWith("No engine on the class path wrote the page " + server.url() + "/metrics; found ");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nix http://localhost:1                     | No backend named 'nix' on the class path; found llamacpp, ollama, sglang, tgi, vllm. Add the dependency 'io.inferometer:inferometer-backend-nix', or pass one of the names found.
            vllm localhost:1                           | 'localhost:1' is not an http or https URL. Write it like http://gpu-7:8080.
            auto ftp://localhost                       | 'ftp://localhost' is not an http or https URL. Write it like http://gpu-7:8080.
            vllm                                       | Missing required parameter: 'URL'. See 'inferometer collect --help'.
            vllm http://localhost:1 --timeout soon     | Invalid value for option '--timeout': 'soon' is no duration. Write it like 5s, 500ms, 1m30s or PT5S. See 'inferometer collect --help'.
            vllm http://localhost:1 --timeout 0s       | Invalid value for option '--timeout': '0s' is out of range. It must be longer than zero and at most a day. See 'inferometer collect --help'.
            vllm http://localhost:1 --header nothing   | A header is written NAME=VALUE, such as --header X-Tenant=blue.
            """)
    void refusesWrongUsageInOneLine(String arguments, String message) {
        String[] words = ("collect " + arguments).split(" ");

        assertThat(Shell.run(words)).isEqualTo(new Shell.Result(2, "", message + "\n"));
    }

    @Test
    void namesTheEndpointsThatCanBeAdded() {
        Shell.Result result = Shell.run("collect", "llamacpp", "http://localhost:1", "--extra", "nothing");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .hasLineCount(1)
                .startsWith("llama.cpp has no endpoint 'nothing' to add; it has ")
                .contains("slots");
    }
}
