package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.snapshot.Distribution;
import io.inferometer.snapshot.EngineMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Pages of engines that do not run here, against the ledgers of the clients that loaded them.
 *
 * <p>Only those captures stand here of which the ledger says all that a rule needs; the tests of each backend walk all
 * of them, with what the ledger cannot know written beside it.
 */
final class CapturesJudge implements Judge {
    @Override
    public String name() {
        return "captures";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException {
        Path live = place.shared().resolve("live");
        if (!Files.isDirectory(live)) {
            proofs.skip("captures", live + " is not there; set INFEROMETER_SHARED to the folder that holds live/");
            return;
        }
        vllm(live, proofs.of("vllm", Proofs.Witness.CAPTURE));
        tgi(live, proofs.of("tgi", Proofs.Witness.CAPTURE));
        sglang(live, proofs.of("sglang", Proofs.Witness.CAPTURE));
        llamacpp(live, proofs.of("llamacpp", Proofs.Witness.CAPTURE));
    }

    private static void vllm(Path live, Facts facts) throws IOException {
        for (String name : List.of(
                "01-fresh-b",
                "03-load-after",
                "03t-timing",
                "07-api2-after",
                "07-dp2-after",
                "10-after",
                "11a-prefix",
                "12-nan-after")) {
            Capture capture = Capture.read(live, "vllm", name);
            EngineMetrics now = capture.metrics();
            JsonNode reasons = capture.client().path("finish_reasons_of_choices");
            facts.same(
                    name,
                    "requests.succeeded",
                    "choices that ended by stop or length",
                    reasons.path("stop").asLong() + reasons.path("length").asLong(),
                    now.requests().succeeded());
            facts.same(
                    name,
                    "requests.failed",
                    "400s leave no trace",
                    0,
                    now.requests().failed());
            facts.same(name, "requests.aborted", "none was", 0, now.requests().aborted());
            facts.same(
                    name,
                    "requests.by_reason",
                    "length",
                    reasons.path("length").asLong(),
                    now.requests().byReason().get("length"));
            facts.same(
                    name,
                    "tokens.generated",
                    capture.client("usage_completion_tokens"),
                    now.tokens().generated());
            facts.same(
                    name,
                    "tokens.prompt",
                    "usage, once for each choice",
                    sumOfDone(
                            capture,
                            request -> request.path("prompt_tokens").asLong()
                                    * request.path("finish").size()),
                    now.tokens().prompt());
            facts.same(name, "load.requests_running", 0, now.load().requestsRunning());
            facts.same(name, "load.requests_waiting", 0, now.load().requestsWaiting());
            facts.that(
                    name,
                    "load.asleep",
                    "awake",
                    false,
                    now.load().asleep(),
                    Boolean.FALSE.equals(now.load().asleep()));
            count(
                    facts,
                    name,
                    "latency.end_to_end_seconds",
                    "finished choices",
                    choices(reasons),
                    now.latency().endToEnd());
            count(
                    facts,
                    name,
                    "size.generated_tokens",
                    "finished choices",
                    choices(reasons),
                    now.size().generatedTokens());
        }
        for (String name : List.of("03-load-1", "03-load-2")) {
            Capture busy = Capture.read(live, "vllm", name);
            facts.same(
                    name,
                    "load.requests_running",
                    "two at once",
                    2,
                    busy.metrics().load().requestsRunning());
            facts.same(
                    name,
                    "load.requests_waiting",
                    "the others",
                    busy.client("inflight") - 2,
                    busy.metrics().load().requestsWaiting());
        }
        timed(facts, Capture.read(live, "vllm", "03t-timing"));
        Capture prefix = Capture.read(live, "vllm", "11a-prefix");
        long cached = prefix.client("usage_cached_tokens");
        facts.same(
                prefix.name(),
                "cache.prefix_hits",
                "usage's cached tokens",
                cached,
                prefix.metrics().cache().prefixHits());
        facts.same(
                prefix.name(),
                "tokens.cached_prompt",
                "usage's cached tokens",
                cached,
                prefix.metrics().tokens().cachedPrompt());
        facts.same(
                prefix.name(),
                "cache.prefix_queries",
                "usage's prompt tokens, once for each choice",
                sumOfDone(
                        prefix,
                        request -> request.path("prompt_tokens").asLong()
                                * request.path("finish").size()),
                prefix.metrics().cache().prefixQueries());
        Capture few = Capture.read(live, "vllm", "10-after");
        facts.same(
                few.name(),
                "cache.kv_blocks",
                "as the flag said",
                8,
                few.metrics().cache().kvBlocks());
        facts.same(
                few.name(),
                "cache.kv_block_size",
                "as the ledger's server says",
                128,
                few.metrics().cache().kvBlockSize());
        Long preemptions = few.metrics().events().preemptions();
        facts.that(
                few.name(),
                "events.preemptions",
                "4 x 482 tokens do not fit into 7 x 128",
                "> 0",
                preemptions,
                preemptions != null && preemptions > 0);
        Capture lora = Capture.read(live, "vllm", "06b-running-lora-a");
        facts.that(
                lora.name(),
                "adapters.running_adapters",
                "the one that ran",
                "[lora-a]",
                lora.metrics().adapters().runningAdapters(),
                List.of("lora-a").equals(lora.metrics().adapters().runningAdapters()));
        facts.same(
                lora.name(),
                "adapters.max_lora",
                "as the flag said",
                1,
                lora.metrics().adapters().maxLora());
    }

    private static void timed(Facts facts, Capture capture) {
        double first = sumOfSeconds(capture, "ttft_s");
        double gaps = sumOfSeconds(capture, "gaps_sum_s");
        double whole = sumOfSeconds(capture, "e2e_s");
        long requests = sumOfDone(capture, request -> 1);
        long streamed = sumOfDone(capture, request -> request.path("stream").asBoolean() ? 1 : 0);
        long tokens =
                sumOfDone(capture, request -> request.path("completion_tokens").asLong());
        EngineMetrics.Latency now = capture.metrics().latency();
        count(
                facts,
                capture.name(),
                "latency.time_to_first_token_seconds",
                "requests",
                requests,
                now.timeToFirstToken());
        count(
                facts,
                capture.name(),
                "latency.inter_token_seconds",
                "tokens but the first",
                tokens - requests,
                now.interToken());
        if (streamed == requests) {
            sum(facts, capture.name(), "latency.time_to_first_token_seconds", first, requests, now.timeToFirstToken());
            sum(facts, capture.name(), "latency.inter_token_seconds", gaps, requests, now.interToken());
        }
        sum(facts, capture.name(), "latency.end_to_end_seconds", whole, requests, now.endToEnd());
    }

    private static void tgi(Path live, Facts facts) throws IOException {
        for (String name : List.of("03-A-one-generate", "04-A-one-chat-more", "05-A-mixed")) {
            Capture capture = Capture.read(live, "tgi", name);
            EngineMetrics now = capture.metrics();
            facts.same(
                    name,
                    "tokens.generated",
                    capture.client("ok_generated_tokens"),
                    now.tokens().generated());
            facts.same(
                    name,
                    "tokens.prompt",
                    capture.client("ok_prompt_tokens"),
                    now.tokens().prompt());
            facts.same(name, "load.requests_running", 0, now.load().requestsRunning());
            facts.same(name, "load.requests_waiting", 0, now.load().requestsWaiting());
        }
        for (String name : List.of("03-A-one-generate", "04-A-one-chat-more")) {
            Capture capture = Capture.read(live, "tgi", name);
            EngineMetrics now = capture.metrics();
            long done = capture.client("ok_count");
            facts.same(name, "requests.succeeded", done, now.requests().succeeded());
            count(
                    facts,
                    name,
                    "latency.end_to_end_seconds",
                    "requests",
                    done,
                    now.latency().endToEnd());
            sum(
                    facts,
                    name,
                    "latency.end_to_end_seconds",
                    capture.client().path("ok_latency_sum_s").asDouble(),
                    done,
                    now.latency().endToEnd());
            count(
                    facts,
                    name,
                    "latency.queue_seconds",
                    "requests",
                    done,
                    now.latency().queue());
            count(
                    facts,
                    name,
                    "latency.inference_seconds",
                    "requests",
                    done,
                    now.latency().inference());
            count(
                    facts,
                    name,
                    "latency.per_output_token_seconds",
                    "requests",
                    done,
                    now.latency().perOutputToken());
            count(
                    facts,
                    name,
                    "size.prompt_tokens",
                    "requests",
                    done,
                    now.size().promptTokens());
            count(
                    facts,
                    name,
                    "size.generated_tokens",
                    "requests",
                    done,
                    now.size().generatedTokens());
            count(
                    facts,
                    name,
                    "size.max_new_tokens",
                    "requests",
                    done,
                    now.size().maxNewTokens());
        }
        Capture left = Capture.read(live, "tgi", "21-A-abort-stream");
        facts.same(
                left.name(),
                "requests.aborted",
                "clients that left",
                left.client().path("finished_by_outcome").path("client_abort").asLong(),
                left.metrics().requests().aborted());
        Capture busy = Capture.read(live, "tgi", "13-A-load1");
        long running = busy.truth().path("shard_before").path("running_now").asLong();
        facts.same(
                busy.name(),
                "load.requests_running",
                "in the shard's batch",
                running,
                busy.metrics().load().requestsRunning());
        facts.same(
                busy.name(),
                "load.batch_size",
                "in the shard's batch",
                running,
                busy.metrics().load().batchSize());
        facts.same(
                busy.name(),
                "load.requests_waiting",
                "the client's others",
                busy.client().path("in_flight").size() - running,
                busy.metrics().load().requestsWaiting());
    }

    private static void sglang(Path live, Facts facts) throws IOException {
        Capture before = Capture.read(live, "sglang", "20-load-before");
        Capture after = Capture.read(live, "sglang", "20-quiet-10s");
        String name = "20-load";
        facts.same(
                name,
                "tokens.prompt",
                "grew by usage's prompt tokens",
                after.client("prompt_tokens_done"),
                minus(
                        after.metrics().tokens().prompt(),
                        before.metrics().tokens().prompt()));
        facts.same(
                name,
                "tokens.generated",
                "grew by usage's tokens",
                after.client("gen_tokens_done"),
                minus(
                        after.metrics().tokens().generated(),
                        before.metrics().tokens().generated()));
        long done = after.client("done_http");
        grewBy(
                facts,
                name,
                "latency.end_to_end_seconds",
                done,
                before.metrics().latency().endToEnd(),
                after.metrics().latency().endToEnd());
        grewBy(
                facts,
                name,
                "latency.time_to_first_token_seconds",
                done,
                before.metrics().latency().timeToFirstToken(),
                after.metrics().latency().timeToFirstToken());
        grewBy(
                facts,
                name,
                "latency.inter_token_seconds",
                after.client("gen_tokens_done") - done,
                before.metrics().latency().interToken(),
                after.metrics().latency().interToken());
        for (String load : List.of("20-load-02", "20-load-06")) {
            Capture busy = Capture.read(live, "sglang", load);
            JsonNode open = busy.truth().path("in_flight_before");
            facts.same(
                    load,
                    "load.requests_running",
                    "those that stream",
                    open.path("streaming").asLong(),
                    busy.metrics().load().requestsRunning());
            facts.same(
                    load,
                    "load.requests_waiting",
                    "those without a token",
                    open.path("sent_no_token_yet_or_nonstream").asLong(),
                    busy.metrics().load().requestsWaiting());
        }
        Capture fresh = Capture.read(live, "sglang", "01-fresh");
        facts.same(
                "01-fresh",
                "cache.kv_capacity_tokens",
                "as the flag said",
                8192,
                fresh.metrics().cache().kvCapacityTokens());
        facts.near(
                "01-fresh", "cache.kv_usage", "idle", 0, fresh.metrics().cache().kvUsage(), 0);
        Capture retracted = Capture.read(live, "sglang", "67b-E-retract-after");
        Long preemptions = retracted.metrics().events().preemptions();
        facts.that(
                retracted.name(),
                "events.preemptions",
                "5 x 247 tokens do not fit into 600",
                "> 0",
                preemptions,
                preemptions != null && preemptions > 0);
        Capture mixed = Capture.read(live, "sglang", "93-L-after-load");
        facts.same(
                mixed.name(),
                "tokens.cached_prompt",
                "usage's cached tokens",
                mixed.client("cached_tokens_done"),
                mixed.metrics().tokens().cachedPrompt());
        facts.same(
                mixed.name(),
                "cache.prefix_hits",
                "usage's cached tokens",
                mixed.client("cached_tokens_done"),
                mixed.metrics().cache().prefixHits());
    }

    private static void llamacpp(Path live, Facts facts) throws IOException {
        for (String name : List.of("01-fresh", "02-after-10-mixed", "03-quiet-a", "04-quiet-b")) {
            Capture capture = Capture.read(live, "llamacpp", name);
            EngineMetrics now = capture.metrics();
            JsonNode totals = capture.truth().path("totals");
            long cached = totals.path("timings_cache_n").asLong();
            long prompt = totals.path("timings_prompt_n").asLong() + cached;
            facts.same(
                    name,
                    "tokens.prompt",
                    "prompt_n + cache_n",
                    prompt,
                    now.tokens().prompt());
            facts.same(
                    name,
                    "tokens.cached_prompt",
                    "cache_n",
                    cached,
                    now.tokens().cachedPrompt());
            facts.same(
                    name,
                    "tokens.generated",
                    "predicted_n",
                    totals.path("timings_predicted_n").asLong(),
                    now.tokens().generated());
            facts.same(name, "cache.prefix_hits", "cache_n", cached, now.cache().prefixHits());
            facts.same(
                    name,
                    "cache.prefix_queries",
                    "prompt_n + cache_n",
                    prompt,
                    now.cache().prefixQueries());
            facts.same(name, "load.requests_running", 0, now.load().requestsRunning());
            facts.same(name, "load.requests_waiting", 0, now.load().requestsWaiting());
        }
        for (String name : List.of("05-load-s1", "05-load-s4", "05-load-s6")) {
            Capture busy = Capture.read(live, "llamacpp", name);
            long open = busy.truth().path("n_in_flight_before").asLong();
            facts.same(
                    name,
                    "load.requests_running",
                    "two slots",
                    2,
                    busy.metrics().load().requestsRunning());
            facts.same(
                    name,
                    "load.requests_waiting",
                    "the others",
                    open - 2,
                    busy.metrics().load().requestsWaiting());
        }
    }

    private static long choices(JsonNode reasons) {
        return StreamSupport.stream(reasons.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    private static long sumOfDone(Capture capture, ToLongFunction<JsonNode> value) {
        return StreamSupport.stream(capture.truth().path("requests").spliterator(), false)
                .filter(request -> request.path("state").asText().equals("done")
                        && request.path("status").asInt() == 200)
                .mapToLong(value)
                .sum();
    }

    private static double sumOfSeconds(Capture capture, String field) {
        return StreamSupport.stream(capture.truth().path("requests").spliterator(), false)
                .mapToDouble(request -> request.path(field).asDouble())
                .sum();
    }

    private static void count(
            Facts facts, String name, String field, String rule, long client, @Nullable Distribution now) {
        facts.same(
                name,
                field,
                "count: " + rule,
                client,
                now == null && client == 0 ? (Long) 0L : now == null ? null : now.count());
    }

    private static void sum(
            Facts facts, String name, String field, double client, long requests, @Nullable Distribution now) {
        facts.near(
                name,
                field,
                "sum: 10 % and 20 ms a request",
                client,
                now == null ? null : now.sum(),
                0.1 * client + 0.02 * requests);
    }

    private static void grewBy(
            Facts facts,
            String name,
            String field,
            long by,
            @Nullable Distribution before,
            @Nullable Distribution after) {
        long earlier = before == null || before.count() == null ? 0 : before.count();
        facts.same(
                name,
                field,
                "count grew: by the client's",
                by,
                after == null || after.count() == null ? null : (Long) (after.count() - earlier));
    }

    private static @Nullable Long minus(@Nullable Long one, @Nullable Long other) {
        return one == null ? null : (Long) (one - (other == null ? 0 : other));
    }
}
