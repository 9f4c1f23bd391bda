package io.inferometer.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import mockwebserver3.SocketHandler;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.GzipSink;
import okio.Okio;
import okio.Socket;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong between a {@link FakeEngine} and its clients. Faults add up; each method returns the same object.
 *
 * <p>Thread-safe; a change counts from the next request on.
 */
public final class Faults {
    private static final int SLICES_PER_SECOND = 20;
    private static final String HTML = "<!DOCTYPE html><html><body><form>Please log in</form></body></html>";

    private enum Gzip {
        NEVER,
        WHEN_ACCEPTED,
        ALWAYS
    }

    private Duration delay = Duration.ZERO;
    private @Nullable Answer instead;
    private @Nullable String location;
    private Gzip gzip = Gzip.NEVER;
    private int truncateAfter = Integer.MAX_VALUE;
    private long bytesPerSecond;
    private boolean drop;
    private boolean any;

    Faults() {}

    /** Waits before it answers. */
    public synchronized Faults delay(Duration time) {
        delay = time;
        return changed();
    }

    /** Answers this instead. */
    public synchronized Faults failWith(int status, String body, String contentType) {
        instead = Answer.text(status, contentType, body);
        return changed();
    }

    /** Answers 200 and these bytes instead. */
    public synchronized Faults answer(byte[] body, String contentType) {
        instead = Answer.page(contentType, body);
        return changed();
    }

    /** Answers 200 and a login page. */
    public synchronized Faults answerHtml() {
        instead = Answer.text(200, "text/html; charset=utf-8", HTML);
        return changed();
    }

    /** Answers 302. */
    public synchronized Faults redirectTo(String url) {
        instead = Answer.text(302, "text/plain", "");
        location = url;
        return changed();
    }

    /**
     * Compresses the answers.
     *
     * @param forced even for clients that do not accept it
     */
    public synchronized Faults gzip(boolean forced) {
        gzip = forced ? Gzip.ALWAYS : Gzip.WHEN_ACCEPTED;
        return changed();
    }

    /** Breaks the connection after so many bytes of a body that was announced longer, or whose last chunk is missing. */
    public synchronized Faults truncateAfter(int bytes) {
        truncateAfter = bytes;
        return changed();
    }

    /** Sends bodies no faster than this. */
    public synchronized Faults slowly(long perSecond) {
        bytesPerSecond = perSecond;
        return changed();
    }

    /** Breaks the connection instead of answering. */
    public synchronized Faults dropConnections() {
        drop = true;
        return changed();
    }

    /** Ends all faults. */
    public synchronized Faults heal() {
        delay = Duration.ZERO;
        instead = null;
        location = null;
        gzip = Gzip.NEVER;
        truncateAfter = Integer.MAX_VALUE;
        bytesPerSecond = 0;
        drop = false;
        any = false;
        return this;
    }

    synchronized boolean any() {
        return any;
    }

    synchronized MockResponse applyTo(Answer usual, boolean acceptsGzip) {
        Answer answer = instead == null ? usual : instead;
        MockResponse.Builder response =
                new MockResponse.Builder().code(answer.status()).headersDelay(delay.toNanos(), TimeUnit.NANOSECONDS);
        if (location != null) {
            response.setHeader("Location", location);
        }
        boolean compressed = gzip == Gzip.ALWAYS || (gzip == Gzip.WHEN_ACCEPTED && acceptsGzip);
        setBody(response, answer, compressed ? compressed(answer.body()) : answer.body());
        response.setHeader("Content-Type", answer.contentType());
        if (compressed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        if (bytesPerSecond > 0) {
            long slice = Math.max(1, bytesPerSecond / SLICES_PER_SECOND);
            response.throttleBody(slice, 1_000 * slice / bytesPerSecond, TimeUnit.MILLISECONDS);
        }
        return drop ? response.onResponseStart(new SocketEffect.CloseSocket()).build() : response.build();
    }

    private void setBody(MockResponse.Builder response, Answer answer, ByteString body) {
        if (truncateAfter >= body.size()) {
            Buffer whole = new Buffer().write(body);
            if (answer.chunked()) {
                response.chunkedBody(whole, Math.max(1, body.size()));
            } else {
                response.body(whole);
            }
            return;
        }
        ByteString part = body.substring(0, truncateAfter);
        if (answer.chunked()) {
            ByteString announcement = ByteString.encodeUtf8(Integer.toHexString(body.size()) + "\r\n");
            response.socketHandler(new BrokenBody(announcement, part));
            response.removeHeader("Content-Length").setHeader("Transfer-Encoding", "chunked");
        } else {
            response.socketHandler(new BrokenBody(ByteString.EMPTY, part)).setHeader("Content-Length", body.size());
        }
    }

    private static ByteString compressed(ByteString body) {
        Buffer bytes = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(bytes))) {
            sink.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.readByteString();
    }

    private Faults changed() {
        any = true;
        return this;
    }

    /** Writes a part, then hangs up. */
    private record BrokenBody(ByteString announcement, ByteString part) implements SocketHandler {
        @Override
        public void handle(Socket socket) {
            try (BufferedSink sink = Okio.buffer(socket.getSink())) {
                sink.write(announcement).write(part).flush();
            } catch (IOException e) {
                throw new UncheckedIOException("The client left first", e);
            } finally {
                socket.cancel();
            }
        }
    }
}
