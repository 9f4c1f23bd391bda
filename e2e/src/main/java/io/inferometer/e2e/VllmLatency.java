package io.inferometer.e2e;

import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineMetrics.Latency;
import io.inferometer.snapshot.EngineMetrics.Size;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How long requests took by the client's clock, and by vLLM's. */
final class VllmLatency {
    private static final String STEP = "timed";
    private static final int REQUESTS = 6;
    private static final int TOKENS = 24;
    private static final double SHARE = 0.1;
    private static final double SECONDS_A_REQUEST = 0.02;
    private static final int ATTEMPTS = 3;

    private final VllmRun run;
    private final Facts facts;

    VllmLatency(VllmRun run) {
        this.run = run;
        this.facts = run.facts();
    }

    /** What the client and the engine say of the same requests. */
    private record Window(List<Answer> timed, EngineMetrics before, EngineMetrics after, double otherWork) {}

    /** Streams one after another. Where others use the machine meanwhile, once more, and then with twice the tolerance. */
    void judge() throws InterruptedException {
        run.client().ask(VllmRun.ask("warm up", "The first one", TOKENS).streamed());
        Window window = window();
        for (int i = 1; i < ATTEMPTS && window.otherWork() > OtherWork.IDLE; i++) {
            window = window();
        }
        times(window);
        sizes(window);
    }

    private Window window() throws InterruptedException {
        EngineMetrics before = run.settled().metrics();
        Ledger earlier = run.client().ledger();
        OtherWork others = OtherWork.beside(run.engine());
        IntStream.range(0, REQUESTS)
                .forEach(number -> run.client()
                        .ask(VllmRun.ask("timed", "Number " + number, TOKENS).streamed()));
        double share = others.share();
        EngineMetrics after = run.settled().metrics();
        return new Window(run.client().ledger().since(earlier).done().toList(), before, after, share);
    }

    private void times(Window window) {
        List<Answer> timed = window.timed();
        List<Double> first = timed.stream()
                .map(Answer::firstTokenSeconds)
                .filter(Objects::nonNull)
                .toList();
        List<Double> gaps =
                timed.stream().flatMap(answer -> answer.gapSeconds().stream()).toList();
        List<Double> whole = timed.stream().map(Answer::wholeSeconds).toList();
        List<Double> decoding = timed.stream().map(Answer::gapSum).toList();
        List<Double> perToken = timed.stream()
                .map(answer -> answer.gapSum() / (answer.generatedTokens() - 1))
                .toList();
        long gapCount =
                timed.stream().mapToLong(answer -> answer.generatedTokens() - 1).sum();
        long requests = timed.size();
        time(window, "time_to_first_token", "first token", Latency::timeToFirstToken, requests, first);
        time(window, "inter_token", "gaps", Latency::interToken, gapCount, gaps);
        time(window, "end_to_end", "the whole", Latency::endToEnd, requests, whole);
        time(window, "decode", "first to last token", Latency::decode, requests, decoding);
        time(
                window,
                "per_output_token",
                "mean gap of a request",
                Latency::perOutputToken,
                requests,
                perToken,
                TOKENS - 1);
        time(window, "inference", "the whole, since none waited", Latency::inference, requests, whole);
        time(window, "prefill", "first token, since none waited", Latency::prefill, requests, first);
    }

    private void time(
            Window window,
            String name,
            String what,
            Function<Latency, @Nullable Distribution> part,
            long count,
            List<Double> client) {
        time(window, name, what, part, count, client, 1);
    }

    /** The tolerance is one of a request's whole time; what is a share of that has a share of it. */
    private void time(
            Window window,
            String name,
            String what,
            Function<Latency, @Nullable Distribution> part,
            long count,
            List<Double> client,
            int shares) {
        String field = "latency." + name + "_seconds";
        Distribution before = part.apply(window.before().latency());
        Distribution after = part.apply(window.after().latency());
        Distribution during = before == null || after == null ? null : after.since(before);
        double sum = client.stream().mapToDouble(Double::doubleValue).sum();
        boolean idle = window.otherWork() <= OtherWork.IDLE;
        double most = (SHARE * sum + SECONDS_A_REQUEST * REQUESTS / shares) * (idle ? 1 : 2);
        String tolerance = idle
                ? "10 % and 20 ms a request"
                : "20 %% and 40 ms a request, since others used %.0f %% of the machine"
                        .formatted(100 * window.otherWork());
        facts.same(STEP, field, "count: " + what, count, during == null ? null : during.count());
        facts.near(STEP, field, "sum of " + what + ": " + tolerance, sum, during == null ? null : during.sum(), most);
        quantile(field, during, client, 0.5);
        quantile(field, during, client, 0.9);
    }

    private void quantile(String field, @Nullable Distribution during, List<Double> client, double quantile) {
        List<Double> sorted = client.stream().sorted().toList();
        double own = sorted.get((int) Math.ceil(quantile * sorted.size()) - 1);
        Double said = during == null ? null : during.quantile(quantile);
        facts.that(
                STEP,
                field,
                "quantile %s within one bucket".formatted(quantile),
                own,
                said,
                during != null && said != null && Math.abs(bucketOf(during, said) - bucketOf(during, own)) <= 1);
    }

    private static int bucketOf(Distribution distribution, double value) {
        double[] bounds = distribution.bucketBounds();
        int bucket = 0;
        while (bucket < bounds.length && bounds[bucket] < value) {
            bucket++;
        }
        return bucket;
    }

    private void sizes(Window window) {
        size(window, "size.prompt_tokens", Size::promptTokens, Answer::promptTokens);
        size(window, "size.generated_tokens", Size::generatedTokens, Answer::generatedTokens);
        size(window, "size.max_new_tokens", Size::maxNewTokens, answer -> (long) TOKENS);
    }

    private void size(
            Window window, String field, Function<Size, @Nullable Distribution> part, Function<Answer, Long> size) {
        Distribution before = part.apply(window.before().size());
        Distribution after = part.apply(window.after().size());
        Distribution during = before == null || after == null ? null : after.since(before);
        long sum = window.timed().stream().mapToLong(size::apply).sum();
        facts.same(STEP, field, "count", window.timed().size(), during == null ? null : during.count());
        facts.near(STEP, field, "sum", (double) sum, during == null ? null : during.sum(), 1e-6);
    }
}
