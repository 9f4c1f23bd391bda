package io.inferometer.testkit;

/**
 * What a {@link FakeEngine} did since it started, to hold against what it says.
 *
 * <p>Immutable and safe to share. Engines count the same thing at different times: the live token counts are vLLM's, the
 * ended ones those of SGLang and llama.cpp, the succeeded ones TGI's.
 *
 * @param submitted requests that clients sent
 * @param running requests in a slot now
 * @param waiting requests queued now
 * @param succeeded requests with a full answer
 * @param failed requests that ended in an error half way
 * @param aborted requests whose client left half way
 * @param promptTokens prompt tokens processed, cached ones included
 * @param cachedPromptTokens those of them that came from the cache
 * @param generatedTokens tokens generated until now, those of unfinished requests included
 * @param endedPromptTokens prompt tokens of requests that ended, however they did
 * @param endedCachedPromptTokens those of them that came from the cache
 * @param endedGeneratedTokens tokens generated for requests that ended, however they did
 * @param succeededPromptTokens prompt tokens of requests with a full answer
 * @param succeededGeneratedTokens tokens generated for requests with a full answer
 * @param firstTokens requests that got a first token
 * @param firstTokenSeconds sum of their times from arrival to the first token, in seconds
 * @param endToEndSeconds sum of the times from arrival to the last token of requests with a full answer, in seconds
 */
public record Ledger(
        long submitted,
        long running,
        long waiting,
        long succeeded,
        long failed,
        long aborted,
        long promptTokens,
        long cachedPromptTokens,
        long generatedTokens,
        long endedPromptTokens,
        long endedCachedPromptTokens,
        long endedGeneratedTokens,
        long succeededPromptTokens,
        long succeededGeneratedTokens,
        long firstTokens,
        double firstTokenSeconds,
        double endToEndSeconds) {

    static final Ledger EMPTY = new Ledger(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Requests sent that have not ended. */
    public long inFlight() {
        return running + waiting;
    }

    /** Requests that ended, however they did. */
    public long ended() {
        return succeeded + failed + aborted;
    }

    Ledger plus(Ledger other) {
        return new Ledger(
                submitted + other.submitted,
                running + other.running,
                waiting + other.waiting,
                succeeded + other.succeeded,
                failed + other.failed,
                aborted + other.aborted,
                promptTokens + other.promptTokens,
                cachedPromptTokens + other.cachedPromptTokens,
                generatedTokens + other.generatedTokens,
                endedPromptTokens + other.endedPromptTokens,
                endedCachedPromptTokens + other.endedCachedPromptTokens,
                endedGeneratedTokens + other.endedGeneratedTokens,
                succeededPromptTokens + other.succeededPromptTokens,
                succeededGeneratedTokens + other.succeededGeneratedTokens,
                firstTokens + other.firstTokens,
                firstTokenSeconds + other.firstTokenSeconds,
                endToEndSeconds + other.endToEndSeconds);
    }
}
