package io.inferometer.backend.llamacpp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers each path with recorded bytes, status line and headers among them, one connection a request. */
final class RawServer implements AutoCloseable {
    private final ServerSocket socket;
    private final Map<String, byte[]> answers;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Thread thread;

    /**
     * Starts at once.
     *
     * @param answers raw answers by path without query; the empty path stands for all others
     */
    RawServer(Map<String, byte[]> answers) throws IOException {
        this.answers = Map.copyOf(answers);
        this.socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.thread = new Thread(this::serve, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** An answer of 200 with this body. */
    static byte[] ok(String contentType, byte[] body) {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(contentType, body.length);
        byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[bytes.length + body.length];
        System.arraycopy(bytes, 0, all, 0, bytes.length);
        System.arraycopy(body, 0, all, bytes.length, body.length);
        return all;
    }

    /** Its base URL. */
    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** The paths that were asked for, queries included. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        socket.close();
        thread.join(5000);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept()) {
                answer(connection);
            } catch (IOException e) {
                // Closed, or a client that left: the loop's head decides.
            }
        }
    }

    private void answer(Socket connection) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
        String path = request.readLine().split(" ", 3)[1];
        asked.add(path);
        String line = request.readLine();
        while (line != null && !line.isEmpty()) {
            line = request.readLine();
        }
        byte[] fallback = answers.getOrDefault("", new byte[0]);
        connection.getOutputStream().write(answers.getOrDefault(path.replaceFirst("\\?.*", ""), fallback));
        connection.getOutputStream().flush();
    }
}
