package io.inferometer.backend.ollama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inferometer.Collectors;
import io.inferometer.collect.CollectionResult;
import io.inferometer.collect.EngineRefusedException;
import io.inferometer.collect.EngineUnreachableException;
import io.inferometer.collect.MalformedPageException;
import io.inferometer.collect.Target;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.testkit.SharedFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The collector against raw HTTP answers, those of a real server among them. */
class OllamaOverHttpTest {
    private static final String NOT_FOUND =
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 18\r\nConnection: close\r\n\r\n404 page not found";

    @Test
    void aRealServersAnswersGiveASnapshot() throws IOException {
        Path live = SharedFolder.live("ollama");
        Map<String, String> answers = Map.of(
                "/api/ps", Files.readString(live.resolve("14-ps-loaded.resp")),
                "/api/tags", Files.readString(live.resolve("09-tags.resp")),
                "/api/version", Files.readString(live.resolve("01-version.resp")),
                "/metrics", Files.readString(live.resolve("04-metrics-404.resp")));
        try (RawServer server = new RawServer(answers)) {
            EngineSnapshot snapshot = Collectors.forEngine("Ollama").collect(server.url());
            assertThat(snapshot.header().engineVersion()).isEqualTo("0.33.0-rc2");
            assertThat(snapshot.header().endpoint()).hasToString(server.url() + "/api/ps");
            assertThat(snapshot.metrics().memory().residentBytes()).isEqualTo(160_222_411L);
            assertThat(snapshot.metrics().models())
                    .extracting(ModelInfo::name)
                    .containsExactly("smol:latest", "tmol:135m");
            assertThat(server.asked()).containsExactly("/api/ps", "/api/tags", "/api/version", "/metrics");
        }
    }

    @Test
    void everyOtherAnswerOfARealServerIsAnErrorAndNoSnapshot() throws IOException {
        List<Path> answers;
        try (Stream<Path> files = Files.list(SharedFolder.live("ollama"))) {
            answers = files.filter(file -> file.toString().endsWith(".resp"))
                    .filter(file -> !file.toString().contains("-ps-")
                            && !file.toString().contains("-tags"))
                    .sorted()
                    .toList();
        }
        assertThat(answers).hasSizeGreaterThan(20);
        for (Path answer : answers) {
            String raw = Files.readString(answer, StandardCharsets.ISO_8859_1);
            try (RawServer server = new RawServer(Map.of("/api/ps", raw))) {
                CollectionResult result =
                        Collectors.forEngine("ollama").withoutOptional().tryCollect(Target.of(server.url()));
                assertThat(result.error())
                        .as(String.valueOf(answer.getFileName()))
                        .isInstanceOfAny(
                                EngineRefusedException.class,
                                MalformedPageException.class,
                                EngineUnreachableException.class);
                assertThat(Collectors.auto().tryCollect(Target.of(server.url())).success())
                        .isFalse();
            }
        }
    }

    @Test
    void aServerWithoutAPageIsDetectedByItsListOfModels() throws IOException {
        try (RawServer server = new RawServer(Map.of("/api/ps", json("{\"models\":[]}")))) {
            assertThat(Collectors.detect(server.url()).engine()).isEqualTo("ollama");
        }
    }

    @Test
    void aServerWithAPageIsDetectedByItsFamilies() throws IOException {
        String page = "ollama_requests_queued 2\n";
        try (RawServer server =
                new RawServer(Map.of("/metrics", answer("text/plain", page), "/api/ps", json("{\"models\":[]}")))) {
            EngineSnapshot snapshot = Collectors.auto().collect(server.url());
            assertThat(snapshot.engine()).isEqualTo("ollama");
            assertThat(snapshot.metrics().load().requestsWaiting()).isEqualTo(2);
        }
    }

    @Test
    void onlyTheListIsAskedForWithoutTheOptionalOnes() throws IOException {
        try (RawServer server = new RawServer(Map.of("/api/ps", json("{\"models\":[]}")))) {
            Collectors.forEngine("ollama").withoutOptional().collect(server.url());
            assertThat(server.asked()).containsExactly("/api/ps");
        }
    }

    @Test
    void withoutTheListThereIsNoSnapshot() throws IOException {
        try (RawServer server = new RawServer(Map.of("/api/version", json("{\"version\":\"0.1.0\"}")))) {
            assertThatExceptionOfType(EngineRefusedException.class)
                    .isThrownBy(() -> Collectors.forEngine("ollama").collect(server.url()))
                    .withMessage(server.url() + "/api/ps answered 404 ('404 page not found'). Check the URL, and that"
                            + " the engine serves metrics there.");
        }
    }

    @Test
    void aListThatIsNoneIsAnErrorOfItsOwn() throws IOException {
        try (RawServer server = new RawServer(Map.of("/api/ps", json("{\"data\":null}")))) {
            assertThatExceptionOfType(MalformedPageException.class)
                    .isThrownBy(() -> Collectors.forEngine("ollama").collect(server.url()))
                    .withMessage(server.url() + "/api/ps answered what is not Ollama's JSON: the object has no list"
                            + " 'models'. Check that the URL is the engine's.");
        }
    }

    @Test
    void aForeignHostNameIsExplained() throws IOException {
        String forbidden = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        try (RawServer server = new RawServer(Map.of("/api/ps", forbidden))) {
            assertThatExceptionOfType(EngineRefusedException.class)
                    .isThrownBy(() -> Collectors.forEngine("ollama").collect(server.url()))
                    .withMessage(server.url() + "/api/ps answered 403. " + new OllamaBackend().remedy(403, ""));
        }
    }

    private static String json(String body) {
        return answer("application/json; charset=utf-8", body);
    }

    private static String answer(String type, String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
    }

    /** Answers each path with the bytes given for it. */
    private static final class RawServer implements AutoCloseable {
        private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private final Map<String, String> answers;

        RawServer(Map<String, String> answers) throws IOException {
            this.answers = answers;
            Thread thread = new Thread(this::serve, "raw-server");
            thread.setDaemon(true);
            thread.start();
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }

        List<String> asked() {
            return asked;
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (Socket client = socket.accept()) {
                    answer(client);
                } catch (IOException e) {
                    if (!socket.isClosed()) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }

        private void answer(Socket client) throws IOException {
            BufferedReader request =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            String line = request.readLine();
            if (line == null) {
                return;
            }
            int from = line.indexOf(' ') + 1;
            String path = line.substring(from, line.indexOf(' ', from));
            asked.add(path);
            String header = request.readLine();
            while (header != null && !header.isEmpty()) {
                header = request.readLine();
            }
            client.getOutputStream().write(answers.getOrDefault(path, NOT_FOUND).getBytes(StandardCharsets.UTF_8));
            client.getOutputStream().flush();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
