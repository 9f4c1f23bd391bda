package io.inferometer.testkit;

/** A request on its way through a fake engine. For one thread at a time. */
final class FakeRequest {
    /** How it is to end. */
    enum Ending {
        STOP,
        LENGTH,
        FAILED,
        ABORTED;

        boolean isSuccess() {
            return this == STOP || this == LENGTH;
        }
    }

    final int promptTokens;
    final int cachedTokens;
    final int maxTokens;
    final Ending ending;
    final int lastToken;
    final long arrivedAt;
    long startedAt;
    long firstTokenAt;
    long lastTokenAt;
    int generated;

    /** Fails and aborts happen half way. */
    FakeRequest(int promptTokens, int cachedTokens, int maxTokens, Ending ending, long arrivedAt) {
        this.promptTokens = promptTokens;
        this.cachedTokens = cachedTokens;
        this.maxTokens = maxTokens;
        this.ending = ending;
        this.lastToken = ending.isSuccess() ? maxTokens : Math.max(1, maxTokens / 2);
        this.arrivedAt = arrivedAt;
    }

    boolean isPrefilled() {
        return generated > 0;
    }

    boolean isDone() {
        return generated >= lastToken;
    }

    /** Tokens of it in the KV cache. */
    int tokensHeld() {
        return promptTokens + generated;
    }
}
