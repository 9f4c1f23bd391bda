package io.inferometer.collect;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * An open connection to a target that is read many times a second, which knows just enough HTTP to read one page after another
 * from an engine that answers as all engines do: 200, a length or chunks, no encoding.
 *
 * <p>Whatever else comes, and every failure but that of time, is left to OkHttp, which asks again and says what is wrong; the
 * connection is tried again after that, at longer and longer intervals. For one thread at a time; {@link #close} may be called from another one meanwhile.
 */
final class StandingConnection implements Closeable {
    private final Attempts attempts;
    private volatile @Nullable Socket socket;
    private volatile boolean closed;

    StandingConnection(LongSupplier nanos) {
        attempts = new Attempts(nanos);
    }

    /**
     * What came.
     *
     * @param contentType as it was sent; empty when it was not
     * @param sentNanos when it was asked for, by {@link System#nanoTime()}
     * @param beganNanos when the first of it was there
     */
    record Answer(String contentType, long sentNanos, long beganNanos) {}

    /**
     * Asks for a page.
     *
     * @param request what to ask, without a body
     * @param most how large the page may be, in bytes
     * @param deadline until when, by {@link System#nanoTime()}
     * @param into takes the page
     * @return null when the page has to be asked for in another way; {@code into} then holds nothing of use
     * @throws SocketTimeoutException when the deadline passed
     */
    @Nullable
    Answer get(Request request, int most, long deadline, PageBytes into) throws SocketTimeoutException {
        if (closed || !attempts.mayTry()) {
            return null;
        }
        try {
            Answer answer =
                    socket == null ? ask(request, most, deadline, into) : askAgain(request, most, deadline, into);
            attempts.worked();
            return answer;
        } catch (SocketTimeoutException e) {
            drop();
            throw e;
        } catch (IOException e) {
            drop();
            attempts.failed();
            return null;
        }
    }

    /** The other side may have closed a connection that was idle; a new one tells. */
    private Answer askAgain(Request request, int most, long deadline, PageBytes into) throws IOException {
        try {
            return ask(request, most, deadline, into);
        } catch (EOFException | SocketException e) {
            drop();
            return ask(request, most, deadline, into);
        }
    }

    /** Breaks off what is being read, and is not used again. */
    @Override
    public void close() {
        closed = true;
        drop();
    }

    /** Breaks off what is being read. */
    void drop() {
        Socket open = socket;
        socket = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is gone either way.
            }
        }
    }

    private Answer ask(Request request, int most, long deadline, PageBytes into) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = connect(request.url(), deadline);
        }
        long sent = System.nanoTime();
        open.getOutputStream().write(head(request));
        PlainAnswer answer = new PlainAnswer(new Waiting(open, deadline), into, most);
        long began = answer.readHead();
        answer.readBody();
        if (answer.closes()) {
            drop();
        }
        return new Answer(answer.contentType(), sent, began);
    }

    private Socket connect(HttpUrl url, long deadline) throws IOException {
        requireDirect(url.uri());
        IOException failure = new IOException("no address");
        for (InetAddress address : InetAddress.getAllByName(url.host())) {
            Socket fresh = new Socket(Proxy.NO_PROXY);
            socket = fresh; // From now on it can be broken off.
            try {
                requireOpen();
                fresh.setTcpNoDelay(true);
                fresh.connect(new InetSocketAddress(address, url.port()), millisUntil(deadline));
                return fresh;
            } catch (IOException e) {
                fresh.close();
                failure = e;
            }
        }
        throw failure;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new SocketException("closed");
        }
    }

    private static void requireDirect(URI uri) throws IOException {
        ProxySelector selector = ProxySelector.getDefault();
        List<Proxy> ways = selector == null ? List.of() : selector.select(uri);
        if (!ways.isEmpty() && !ways.get(0).equals(Proxy.NO_PROXY)) {
            throw new IOException("there is a proxy before it");
        }
    }

    private static byte[] head(Request request) {
        HttpUrl url = request.url();
        String query = url.encodedQuery();
        StringBuilder head = new StringBuilder(256)
                .append("GET ")
                .append(url.encodedPath())
                .append(query == null ? "" : "?" + query)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host(url))
                .append("\r\nConnection: Keep-Alive\r\n");
        for (int i = 0; i < request.headers().size(); i++) {
            head.append(request.headers().name(i))
                    .append(": ")
                    .append(request.headers().value(i))
                    .append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String host(HttpUrl url) {
        String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
        return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("timeout");
        }
        return (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }

    /** The socket's bytes, as long as there is time. */
    private static final class Waiting implements PageBytes.Bytes {
        private final Socket socket;
        private final InputStream in;
        private final long deadline;

        Waiting(Socket socket, long deadline) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadline = deadline;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted");
            }
            socket.setSoTimeout(millisUntil(deadline));
            return in.read(into, from, most);
        }
    }
}
