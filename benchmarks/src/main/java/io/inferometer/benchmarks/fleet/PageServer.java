package io.inferometer.benchmarks.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Fake engines that cost as little as they can: one thread, one selector, answers that were written before.
 *
 * <p>{@code /17/metrics} is the page of target 17: at each request the next of {@link PageSequence}, {@code /17/metrics/} the
 * part of it that the query names, as vLLM answers it. {@code /fault/KIND/17/metrics} does what {@link Fault} says. Ends when
 * its standard input does; answers a line there with a line of numbers, see {@link Stats}.
 */
final class PageServer {
    private static final int LATE_NANOS = 10_000_000;
    private static final int REQUEST_BYTES_MAX = 16_384;
    private static final int SEND_BUFFER_BYTES = 1 << 18;
    private static final int SLOW_BYTE_MILLIS = 100;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * What it counted.
     *
     * @param pages pages that were asked for
     * @param mostOfOne pages that one target was asked for
     * @param gaps times between two requests of one target
     * @param longGaps those of them that were longer than the interval by more than 10 ms
     */
    record Stats(long pages, int mostOfOne, long gaps, long longGaps) {
        String line() {
            return "%d %d %d %d".formatted(pages, mostOfOne, gaps, longGaps);
        }

        static Stats of(String line) {
            String[] numbers = line.split(" ", -1);
            return new Stats(
                    Long.parseLong(numbers[0]),
                    Integer.parseInt(numbers[1]),
                    Long.parseLong(numbers[2]),
                    Long.parseLong(numbers[3]));
        }
    }

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final Answers answers;
    private final long interval;
    private final int[] served;
    private final long[] lastAt;
    private final List<Connection> slow = new ArrayList<>();
    private long slowAt;
    private volatile long pages;
    private volatile int mostOfOne;
    private volatile long gaps;
    private volatile long longGaps;

    PageServer(int targets, int versions, long intervalNanos) throws IOException {
        this.answers = new Answers(versions);
        this.interval = intervalNanos;
        this.served = new int[targets];
        this.lastAt = new long[targets];
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Serves until standard input ends.
     *
     * @param args targets, versions of the page, interval in milliseconds
     */
    public static void main(String[] args) throws IOException {
        PageServer server = new PageServer(
                Integer.parseInt(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]) * 1_000_000);
        Thread serving = new Thread(server::serve, "serve");
        serving.setDaemon(true);
        serving.start();
        System.out.println(server.port());
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            if (line.equals("reset")) {
                server.reset();
            }
            System.out.println(server.stats().line());
        }
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    Stats stats() {
        return new Stats(pages, mostOfOne, gaps, longGaps);
    }

    /** Gaps are counted anew. */
    private void reset() {
        gaps = 0;
        longGaps = 0;
    }

    private void serve() {
        try {
            while (true) {
                selector.select(slow.isEmpty() ? 0 : SLOW_BYTE_MILLIS);
                Iterator<SelectionKey> ready = selector.selectedKeys().iterator();
                while (ready.hasNext()) {
                    SelectionKey key = ready.next();
                    ready.remove();
                    handle(key);
                }
                drip();
            }
        } catch (IOException e) {
            System.err.println("page server: " + e);
            System.exit(1);
        }
    }

    private void handle(SelectionKey key) throws IOException {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.write();
            }
            if (key.isValid() && key.isReadable()) {
                connection.read();
            }
        } catch (IOException e) {
            connection.close(); // The client went away.
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER_BYTES);
            channel.register(selector, SelectionKey.OP_READ, new Connection(channel));
        }
    }

    private void drip() {
        if (slow.isEmpty() || System.nanoTime() - slowAt < SLOW_BYTE_MILLIS * 1_000_000L) {
            return;
        }
        slowAt = System.nanoTime();
        slow.removeIf(connection -> !connection.drip());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private int nextVersion(int target) {
        long now = System.nanoTime();
        if (served[target] > 0) {
            gaps++;
            longGaps += now - lastAt[target] > interval + LATE_NANOS ? 1 : 0;
        }
        lastAt[target] = now;
        pages++;
        int version = served[target]++;
        mostOfOne = Math.max(mostOfOne, served[target]);
        return version;
    }

    /** One client's connection: a request is read, its answer written, and so on. */
    private final class Connection {
        private static final ByteBuffer[] NOTHING = {};

        private final SocketChannel channel;
        private byte[] request = new byte[1024];
        private int requestBytes;
        private ByteBuffer[] answer = NOTHING;
        private boolean closesAfter;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void read() throws IOException {
            if (requestBytes == request.length) {
                if (request.length >= REQUEST_BYTES_MAX) {
                    throw new IOException("a request that long");
                }
                request = java.util.Arrays.copyOf(request, 2 * request.length);
            }
            int read = channel.read(ByteBuffer.wrap(request, requestBytes, request.length - requestBytes));
            if (read < 0) {
                close();
                return;
            }
            requestBytes += read;
            if (endsHead()) {
                String line = requestLine();
                requestBytes = 0;
                begin(line);
            }
        }

        private boolean endsHead() {
            int from = requestBytes - END_OF_HEAD.length;
            return from >= 0
                    && java.util.Arrays.equals(request, from, requestBytes, END_OF_HEAD, 0, END_OF_HEAD.length);
        }

        /** What stands between GET and HTTP/1.1. */
        private String requestLine() {
            int end = 4;
            while (end < requestBytes && request[end] != ' ') {
                end++;
            }
            return new String(request, 4, end - 4, StandardCharsets.US_ASCII);
        }

        private void begin(String path) throws IOException {
            Fault fault = Fault.of(path);
            if (fault == null) {
                int target = Integer.parseInt(path.substring(1, path.indexOf('/', 1)));
                answer = answers.page(path, nextVersion(target));
                write();
                return;
            }
            switch (fault) {
                case RESET -> {
                    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                    close();
                }
                case SLOW_BYTES -> {
                    answer = answers.wholePage(0);
                    slow.add(this);
                }
                case HALF_A_PAGE -> {
                    answer = answers.halfAPage();
                    closesAfter = true;
                    write();
                }
                default -> {
                    answer = answers.of(fault, path);
                    write();
                }
            }
        }

        /** Writes a byte; false when the connection is gone. */
        boolean drip() {
            try {
                for (ByteBuffer part : answer) {
                    if (part.hasRemaining()) {
                        ByteBuffer one = part.duplicate();
                        one.limit(one.position() + 1);
                        part.position(part.position() + channel.write(one));
                        return true;
                    }
                }
                return false;
            } catch (IOException e) {
                close();
                return false;
            }
        }

        void write() throws IOException {
            while (true) {
                long written = channel.write(answer);
                if (!answer[answer.length - 1].hasRemaining()) {
                    break;
                }
                if (written == 0) {
                    channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, this);
                    return;
                }
            }
            answer = NOTHING;
            if (closesAfter) {
                close();
                return;
            }
            SelectionKey key = channel.keyFor(selector);
            if (key != null && key.isValid() && key.interestOps() != SelectionKey.OP_READ) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                // It was to be closed, and is.
            }
        }
    }
}
