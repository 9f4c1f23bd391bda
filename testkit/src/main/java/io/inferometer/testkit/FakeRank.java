package io.inferometer.testkit;

import io.inferometer.testkit.FakeRequest.Ending;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One data-parallel rank of a fake engine: its slots, its queue, and all that it counts. For one thread at a time. */
final class FakeRank {
    /** Tokens that its KV cache holds. */
    static final int CAPACITY_TOKENS = 32_768;

    private static final int TICKS_PER_TOKEN = 2;
    private static final int PREFILL_TOKENS_PER_TICK = 20;
    private static final double TICK_SECONDS = 0.01;

    private final int slotCount;
    private final NavigableMap<Integer, FakeRequest> slots = new TreeMap<>();
    private final Deque<FakeRequest> waiting = new ArrayDeque<>();
    private final Map<Ending, Long> endings = new EnumMap<>(Ending.class);
    private long submitted;
    private long promptTokens;
    private long cachedTokens;
    private long cachedTokensAtStart;
    private long uncachedTokens;
    private long generatedTokens;
    private long endedPromptTokens;
    private long endedCachedTokens;
    private long endedGeneratedTokens;
    private long succeededPromptTokens;
    private long succeededGeneratedTokens;
    private long steps;
    private long prefills;
    private long busySlotSteps;
    private long longestSequence;

    final FakeHistogram firstToken;
    final FakeHistogram interToken;
    final FakeHistogram perOutputToken;
    final FakeHistogram meanPerToken;
    final FakeHistogram validation;
    final FakeHistogram endToEnd;
    final FakeHistogram queue;
    final FakeHistogram inference;
    final FakeHistogram prefill;
    final FakeHistogram decode;
    final FakeHistogram promptSize;
    final FakeHistogram promptSizeAtArrival;
    final FakeHistogram maxTokensAtArrival;
    final FakeHistogram generatedSize;
    final FakeHistogram maxTokens;
    final FakeHistogram uncachedPromptSize;
    final FakeHistogram batchTokens;

    FakeRank(int slots, Bounds bounds) {
        slotCount = slots;
        firstToken = new FakeHistogram(bounds.firstToken);
        interToken = new FakeHistogram(bounds.interToken);
        perOutputToken = new FakeHistogram(bounds.interToken);
        meanPerToken = new FakeHistogram(bounds.phases);
        validation = new FakeHistogram(bounds.phases);
        endToEnd = new FakeHistogram(bounds.phases);
        queue = new FakeHistogram(bounds.phases);
        inference = new FakeHistogram(bounds.phases);
        prefill = new FakeHistogram(bounds.phases);
        decode = new FakeHistogram(bounds.phases);
        promptSize = new FakeHistogram(bounds.promptTokens);
        promptSizeAtArrival = new FakeHistogram(bounds.promptTokens);
        uncachedPromptSize = new FakeHistogram(bounds.promptTokens);
        generatedSize = new FakeHistogram(bounds.generatedTokens);
        maxTokens = new FakeHistogram(bounds.generatedTokens);
        maxTokensAtArrival = new FakeHistogram(bounds.generatedTokens);
        batchTokens = new FakeHistogram(bounds.generatedTokens);
    }

    void submit(FakeRequest request) {
        submitted++;
        promptSizeAtArrival.observe(request.promptTokens);
        maxTokensAtArrival.observe(request.maxTokens);
        waiting.add(request);
        admit(request.arrivedAt);
    }

    /** One tick: whoever runs gets a little further, whoever waits may start. */
    void step(long now) {
        int before = running();
        if (before > 0) {
            steps++;
            busySlotSteps += before;
        }
        long tokensBefore = generatedTokens + uncachedTokens;
        for (FakeRequest request : List.copyOf(slots.values())) {
            work(request, now);
            if (request.isDone()) {
                slots.values().remove(request);
                end(request, now);
            }
        }
        long tokens = generatedTokens + uncachedTokens - tokensBefore;
        if (tokens > 0) {
            batchTokens.observe((double) tokens);
        }
        admit(now);
    }

    int running() {
        return slots.size();
    }

    int waiting() {
        return waiting.size();
    }

    int slotCount() {
        return slotCount;
    }

    /** What runs in a slot; null when it is idle. */
    @Nullable
    FakeRequest inSlot(int slot) {
        return slots.get(slot);
    }

    /** Tokens in the KV cache of requests that run. */
    int tokensHeld() {
        int held = 0;
        for (FakeRequest request : slots.values()) {
            held += request.tokensHeld();
        }
        return Math.min(held, CAPACITY_TOKENS);
    }

    /** The most tokens that the running requests may still come to hold. */
    int tokensReserved() {
        int reserved = 0;
        for (FakeRequest request : slots.values()) {
            reserved += request.promptTokens + request.maxTokens;
        }
        return reserved;
    }

    long ended(Ending ending) {
        return endings.getOrDefault(ending, 0L);
    }

    /** Prompt tokens from the cache, counted when a request starts. */
    long cachedTokensAtStart() {
        return cachedTokensAtStart;
    }

    /** Prompt tokens that had to be computed, counted when that is done. */
    long uncachedTokens() {
        return uncachedTokens;
    }

    /** Ticks in which something ran. */
    long steps() {
        return steps;
    }

    /** Prompts processed. */
    long prefills() {
        return prefills;
    }

    /** Sum of busy slots over {@link #steps}. */
    long busySlotSteps() {
        return busySlotSteps;
    }

    /** The longest sequence so far, in tokens. */
    long longestSequence() {
        return longestSequence;
    }

    Ledger ledger() {
        return new Ledger(
                submitted,
                running(),
                waiting(),
                ended(Ending.STOP) + ended(Ending.LENGTH),
                ended(Ending.FAILED),
                ended(Ending.ABORTED),
                promptTokens,
                cachedTokens,
                generatedTokens,
                endedPromptTokens,
                endedCachedTokens,
                endedGeneratedTokens,
                succeededPromptTokens,
                succeededGeneratedTokens,
                firstToken.count(),
                firstToken.sum(),
                endToEnd.sum());
    }

    private void admit(long now) {
        for (int slot = 0; slot < slotCount && !waiting.isEmpty(); slot++) {
            if (!slots.containsKey(slot)) {
                FakeRequest request = waiting.remove();
                request.startedAt = now;
                cachedTokensAtStart += request.cachedTokens;
                slots.put(slot, request);
            }
        }
    }

    private void work(FakeRequest request, long now) {
        if (!request.isPrefilled()) {
            int uncached = request.promptTokens - request.cachedTokens;
            int needed = Math.max(1, (uncached + PREFILL_TOKENS_PER_TICK - 1) / PREFILL_TOKENS_PER_TICK);
            if (now - request.startedAt >= needed) {
                endPrefill(request, now);
            }
        } else if (now - request.lastTokenAt >= TICKS_PER_TOKEN) {
            interToken.observe(seconds(now - request.lastTokenAt));
            addToken(request, now);
        }
    }

    private void endPrefill(FakeRequest request, long now) {
        prefills++;
        promptTokens += request.promptTokens;
        cachedTokens += request.cachedTokens;
        uncachedTokens += request.promptTokens - request.cachedTokens;
        request.firstTokenAt = now;
        firstToken.observe(seconds(now - request.arrivedAt));
        addToken(request, now);
    }

    private void addToken(FakeRequest request, long now) {
        request.generated++;
        request.lastTokenAt = now;
        generatedTokens++;
        longestSequence = Math.max(longestSequence, request.tokensHeld());
    }

    private void end(FakeRequest request, long now) {
        endings.merge(request.ending, 1L, Long::sum);
        endedPromptTokens += request.promptTokens;
        endedCachedTokens += request.cachedTokens;
        endedGeneratedTokens += request.generated;
        if (request.ending.isSuccess()) {
            observeSuccess(request, now);
        }
    }

    private void observeSuccess(FakeRequest request, long now) {
        succeededPromptTokens += request.promptTokens;
        succeededGeneratedTokens += request.generated;
        endToEnd.observe(seconds(now - request.arrivedAt));
        validation.observe(0);
        queue.observe(seconds(request.startedAt - request.arrivedAt));
        inference.observe(seconds(now - request.startedAt));
        meanPerToken.observe(seconds(now - request.startedAt) / request.generated);
        prefill.observe(seconds(request.firstTokenAt - request.startedAt));
        decode.observe(seconds(now - request.firstTokenAt));
        perOutputToken.observe(seconds(now - request.firstTokenAt) / Math.max(1, request.generated - 1));
        promptSize.observe(request.promptTokens);
        uncachedPromptSize.observe(request.promptTokens - request.cachedTokens);
        generatedSize.observe(request.generated);
        maxTokens.observe(request.maxTokens);
    }

    private static double seconds(long ticks) {
        return ticks * TICK_SECONDS;
    }
}
