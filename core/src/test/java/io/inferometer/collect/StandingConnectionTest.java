package io.inferometer.collect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server that writes what each test says, byte for byte. */
@Timeout(30)
final class StandingConnectionTest {
    private static final int MOST = 1 << 20;
    private static final String PLAIN = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

    private final Queue<String> answers = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final PageBytes page = new PageBytes();
    private final StandingConnection connection = new StandingConnection(System::nanoTime);
    private ServerSocket server;
    private volatile int pieceBytes = Integer.MAX_VALUE;
    private volatile boolean closesAfterAnswer;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "test-server");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        connection.close();
        server.close();
    }

    @Test
    void readsABodyOfAKnownLengthOverOneConnection() throws IOException {
        answers.add(PLAIN + "Content-Length: 4\r\n\r\na 1\n");
        answers.add(PLAIN + "content-length:5\r\n\r\na 22\n");

        assertThat(get()).isEqualTo("a 1\n");
        assertThat(get()).isEqualTo("a 22\n");
        assertThat(connections).hasValue(1);
        assertThat(requests.get(0))
                .isEqualTo("GET /metrics?x=1%262 HTTP/1.1\r\nHost: localhost:" + server.getLocalPort()
                        + "\r\nConnection: Keep-Alive\r\nAccept: text/plain\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void readsChunksHoweverTheyArrive(int piece) throws IOException {
        pieceBytes = piece;
        answers.add(PLAIN + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0B;x=y\r\n0123456789\n\r\n0\r\n\r\n");
        answers.add(PLAIN + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        assertThat(get()).isEqualTo("abc0123456789\n");
        assertThat(get()).isEmpty();
        assertThat(connections).hasValue(1);
    }

    @Test
    void readsAPageThatIsLargerThanItsRoom() throws IOException {
        String large = "a_metric 1.5\n".repeat(40_000);
        answers.add(PLAIN + "Content-Length: " + large.length() + "\r\n\r\n" + large);

        assertThat(get()).isEqualTo(large);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na",
                "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Encoding: gzip\r\n\r\na",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 1\n\na",
                "nothing at all\r\n\r\n"
            })
    void leavesWhatIsOutOfTheOrdinaryToOthers(String answer) throws IOException {
        answers.add(answer);

        assertThat(get()).isNull();
    }

    @Test
    void refusesAHeadWithoutAnEnd() throws IOException {
        answers.add("HTTP/1.1 200 OK\r\nX: " + "y".repeat(40_000));

        assertThat(get()).isNull();
    }

    @Test
    void asksAgainWhereAnIdleConnectionWasClosed() throws IOException {
        closesAfterAnswer = true;
        answers.add(PLAIN + "Content-Length: 1\r\n\r\na");
        answers.add(PLAIN + "Content-Length: 1\r\n\r\nb");

        assertThat(get()).isEqualTo("a");
        assertThat(get()).isEqualTo("b");
        assertThat(connections).hasValue(2);
    }

    @Test
    void opensAnotherConnectionWhereTheEngineSaysThatItCloses() throws IOException {
        answers.add(PLAIN + "Connection: close\r\nContent-Length: 1\r\n\r\na");
        answers.add(PLAIN + "Content-Length: 1\r\n\r\nb");

        assertThat(get()).isEqualTo("a");
        assertThat(get()).isEqualTo("b");
        assertThat(connections).hasValue(2);
    }

    @Test
    void isTriedMoreAndMoreSeldomWhereItDoesNotWork() throws IOException {
        for (int i = 0; i < 100; i++) {
            answers.add("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        }
        for (int i = 0; i < 100; i++) {
            assertThat(get()).isNull();
        }

        assertThat(requests).hasSizeLessThan(8);
    }

    @Test
    void givesUpInTimeOnAnAnswerThatDrips() throws IOException {
        answers.add(PLAIN + "Content-Length: 100000\r\n\r\n" + "a".repeat(100_000));
        pieceBytes = -20; // One byte each 20 ms.
        long start = System.nanoTime();

        assertThatThrownBy(() -> get(Duration.ofMillis(300))).isInstanceOf(SocketTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(290), Duration.ofSeconds(10));
    }

    @Test
    void isBrokenOffFromAnotherThread() throws Exception {
        answers.add(PLAIN + "Content-Length: 100000\r\n\r\n" + "a".repeat(100_000));
        pieceBytes = -20;
        Thread other = new Thread(() -> {
            while (requests.isEmpty()) {
                Thread.onSpinWait();
            }
            connection.close();
        });
        other.start();

        assertThat(get(Duration.ofSeconds(20))).isNull();
        other.join();
        assertThat(get()).isNull(); // It stays closed.
        assertThat(requests).hasSize(1);
    }

    private @Nullable String get() throws IOException {
        return get(Duration.ofSeconds(20));
    }

    private @Nullable String get(Duration time) throws IOException {
        Request request = new Request.Builder()
                .url("http://localhost:" + server.getLocalPort() + "/metrics?x=1%262")
                .header("Accept", "text/plain")
                .build();
        StandingConnection.Answer answer = connection.get(request, MOST, System.nanoTime() + time.toNanos(), page);
        return answer == null ? null : page.text(page.start(), page.start() + page.length());
    }

    private void serve() {
        try {
            while (true) {
                Socket client = server.accept();
                connections.incrementAndGet();
                Thread thread = new Thread(() -> answer(client), "test-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private void answer(Socket client) {
        try (client) {
            String request = readRequest(client.getInputStream());
            while (request != null) {
                requests.add(request);
                write(answers.remove(), client.getOutputStream());
                if (closesAfterAnswer) {
                    return;
                }
                request = readRequest(client.getInputStream());
            }
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static @Nullable String readRequest(InputStream in) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            request.append((char) next);
        }
        return request.toString();
    }

    private void write(String answer, OutputStream out) throws IOException {
        byte[] bytes = answer.getBytes(ISO_8859_1);
        int piece = pieceBytes < 0 ? 1 : pieceBytes;
        for (int at = 0; at < bytes.length; at += piece) {
            out.write(bytes, at, Math.min(piece, bytes.length - at));
            out.flush();
            if (pieceBytes < 0) {
                pause(-pieceBytes);
            }
        }
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
