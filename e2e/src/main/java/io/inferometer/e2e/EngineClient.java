package io.inferometer.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.e2e.Answer.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A client of an engine that keeps account of all it sent. Requests run on threads of their own; the account may be
 * asked for by any thread.
 */
final class EngineClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final String url;
    private final OkHttpClient http;
    private final ExecutorService threads;
    private final List<OpenRequest> sent = new ArrayList<>();

    EngineClient(String url) {
        this.url = url;
        // A connection for each request, so that one that is given up is closed and not kept.
        this.http = new OkHttpClient.Builder()
                .callTimeout(PATIENCE)
                .readTimeout(PATIENCE)
                .retryOnConnectionFailure(false)
                .connectionPool(new ConnectionPool(0, 1, java.util.concurrent.TimeUnit.SECONDS))
                .build();
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "e2e-client");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Sends a request and waits for its end. */
    Answer ask(Ask ask) {
        return open(ask).await();
    }

    /** Sends a request and does not wait. */
    OpenRequest open(Ask ask) {
        try {
            return open(ask.label(), ask.path(), JSON.writeValueAsString(ask.body()), ask.isStreamed());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Sends a body as it is, good JSON or not, and waits for the end. */
    Answer send(String label, String path, String body) {
        return open(label, path, body, false).await();
    }

    private OpenRequest open(String label, String path, String body, boolean streamed) {
        Call call = http.newCall(new Request.Builder()
                .url(url + path)
                .post(RequestBody.create(body, JSON_TYPE))
                .build());
        AnswerReader reader = new AnswerReader(label, System::nanoTime);
        OpenRequest open = new OpenRequest(call, reader);
        open.startedAs(threads.submit(() -> run(call, reader, streamed, open)));
        synchronized (sent) {
            sent.add(open);
        }
        return open;
    }

    private static Answer run(Call call, AnswerReader reader, boolean streamed, OpenRequest open) {
        int status = 0;
        try (Response response = call.execute()) {
            status = response.code();
            if (streamed && status == 200) {
                reader.readPieces(response.body().source());
            } else {
                reader.readWhole(response.body().string());
            }
            return reader.end(Outcome.DONE, status);
        } catch (IOException e) {
            return reader.end(open.wasAborted() ? Outcome.ABORTED : Outcome.BROKEN, status);
        }
    }

    /** The answers so far. */
    Ledger ledger() {
        synchronized (sent) {
            return new Ledger(sent.stream()
                    .filter(OpenRequest::isOver)
                    .map(OpenRequest::await)
                    .toList());
        }
    }

    /** Waits for the end of all that was sent. */
    void awaitAll() {
        List<OpenRequest> all;
        synchronized (sent) {
            all = List.copyOf(sent);
        }
        all.forEach(OpenRequest::await);
    }

    /** Gives up all that is not over. */
    void abortAll() {
        synchronized (sent) {
            sent.forEach(OpenRequest::abort);
        }
    }

    @Override
    public void close() {
        abortAll();
        threads.shutdownNow();
    }

    /** A request that may not be over yet. */
    static final class OpenRequest {
        private final Call call;
        private final AnswerReader reader;
        private volatile boolean aborted;
        private @org.jspecify.annotations.Nullable Future<Answer> future;

        OpenRequest(Call call, AnswerReader reader) {
            this.call = call;
            this.reader = reader;
        }

        private void startedAs(Future<Answer> started) {
            future = started;
        }

        /** Goes away. */
        void abort() {
            aborted = true;
            call.cancel();
        }

        boolean wasAborted() {
            return aborted;
        }

        boolean isOver() {
            return running().isDone();
        }

        /** Pieces of the answer that have come so far. */
        int pieces() {
            return reader.pieces();
        }

        Answer await() {
            try {
                return running().get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while an answer was awaited.", e);
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }

        private Future<Answer> running() {
            return java.util.Objects.requireNonNull(future, "not started");
        }
    }
}
