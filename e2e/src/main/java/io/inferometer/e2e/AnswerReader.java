package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.inferometer.e2e.Answer.Outcome;
import io.inferometer.e2e.Answer.Timings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/** Reads one answer, whole or piece by piece, and notes when what came. For one request. */
final class AnswerReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data:";
    private static final String END = "[DONE]";

    private final String label;
    private final LongSupplier nanos;
    private final long sentAt;
    private final List<String> finishReasons = new ArrayList<>();
    private final List<Double> gaps = new ArrayList<>();
    private final List<Long> counted = new ArrayList<>(List.of(0L, 0L, 0L));
    private long lastPieceAt;
    private @Nullable Double firstToken;
    private @Nullable Timings timings;
    private boolean refused;
    private volatile int pieces;

    AnswerReader(String label, LongSupplier nanos) {
        this.label = label;
        this.nanos = nanos;
        this.sentAt = nanos.getAsLong();
    }

    /** Pieces with text in them that have come so far; any thread may ask. */
    int pieces() {
        return pieces;
    }

    void readWhole(String body) throws IOException {
        note(JSON.readTree(body));
    }

    void readPieces(BufferedSource source) throws IOException {
        for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
            if (line.startsWith(DATA)) {
                String data = line.substring(DATA.length()).strip();
                if (data.equals(END)) {
                    return;
                }
                piece(JSON.readTree(data));
            }
        }
    }

    Answer end(Outcome outcome, int status) {
        return new Answer(
                label,
                outcome == Outcome.DONE && (refused || status != 200) ? Outcome.REFUSED : outcome,
                status,
                counted.get(0),
                counted.get(1),
                counted.get(2),
                finishReasons,
                firstToken,
                gaps,
                seconds(nanos.getAsLong() - sentAt),
                timings);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread reads the answer.
    private void piece(JsonNode piece) {
        if (hasToken(piece)) {
            long now = nanos.getAsLong();
            if (firstToken == null) {
                firstToken = seconds(now - sentAt);
            } else {
                gaps.add(seconds(now - lastPieceAt));
            }
            lastPieceAt = now;
            pieces++;
        }
        note(piece);
    }

    /** A piece that carries the role alone, the usage alone or the end alone carries no token. */
    private static boolean hasToken(JsonNode piece) {
        for (JsonNode choice : piece.path("choices")) {
            JsonNode text = choice.has("text")
                    ? choice.path("text")
                    : choice.path("delta").path("content");
            boolean ended = choice.hasNonNull("finish_reason");
            if (text.isTextual() && (!text.asText().isEmpty() || (!ended && choice.has("text")))) {
                return true;
            }
        }
        return false;
    }

    private void note(JsonNode answer) {
        refused |= answer.has("error");
        for (JsonNode choice : answer.path("choices")) {
            if (choice.hasNonNull("finish_reason")) {
                finishReasons.add(choice.path("finish_reason").asText());
            }
        }
        JsonNode usage = answer.path("usage");
        if (usage.isObject()) {
            counted.set(0, usage.path("prompt_tokens").asLong());
            counted.set(
                    1, usage.path("prompt_tokens_details").path("cached_tokens").asLong());
            counted.set(2, usage.path("completion_tokens").asLong());
        }
        JsonNode own = answer.path("timings");
        if (own.isObject()) {
            timings = new Timings(
                    own.path("prompt_n").asLong(),
                    own.path("cache_n").asLong(),
                    own.path("predicted_n").asLong());
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
