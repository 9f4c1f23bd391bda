package io.inferometer.e2e;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** vLLM servers, one after another, each started for what is asked of it. */
final class VllmJudge implements Judge {
    private static final int BLOCKS = 8;
    private static final String NGRAM =
            "{\"method\":\"ngram\",\"num_speculative_tokens\":3,\"prompt_lookup_max\":4,\"prompt_lookup_min\":2}";

    /** What is done to a server that runs. */
    private interface Scenario {
        void judge(VllmRun run) throws IOException, InterruptedException;
    }

    @Override
    public String name() {
        return "vllm";
    }

    @Override
    public void judge(Place place, Proofs proofs) throws IOException, InterruptedException {
        Facts facts = proofs.of(name(), Proofs.Witness.LIVE);
        if (!java.nio.file.Files.isExecutable(VllmServer.python(place))) {
            facts.skip("vllm", "it is not installed; e2e/run vllm fetches it (3 GB)");
            return;
        }
        String length = "--max-model-len=2048";
        on(place, facts, "default", "tiny", List.of(length), run -> {
            VllmRequests requests = new VllmRequests(run);
            requests.fresh();
            requests.mixed();
            requests.prefixCache();
            new VllmFilteredPage(run).judge(3);
        });
        on(place, facts, "two at once", "mid", List.of(length, "--max-num-seqs=2"), run -> {
            new VllmLatency(run).judge();
            VllmQueue queue = new VllmQueue(run, 2);
            queue.inFlight();
            queue.clientsThatLeave();
            queue.saturation();
            new VllmFeatures(run).sleep();
            new VllmFeatures(run).pause(2);
        });
        on(
                place,
                facts,
                "few blocks",
                "mid",
                List.of("--max-model-len=512", "--max-num-seqs=4", "--num-gpu-blocks-override=" + BLOCKS),
                run -> new VllmFeatures(run).preemption(BLOCKS));
        on(
                place,
                facts,
                "adapters",
                "mid",
                List.of(
                        length,
                        "--max-num-seqs=4",
                        "--enable-lora",
                        "--max-loras=1",
                        "--max-lora-rank=8",
                        "--lora-modules",
                        "lora-a=" + place.work().resolve("models/lora-a"),
                        "lora-b=" + place.work().resolve("models/lora-b")),
                run -> new VllmFeatures(run).adapters());
        on(
                place,
                facts,
                "speculation",
                "tiny",
                List.of(length, "--max-num-seqs=4", "--speculative-config", NGRAM),
                run -> new VllmFeatures(run).speculation());
        on(
                place,
                facts,
                "two API servers",
                "mid",
                List.of(length, "--max-num-seqs=4", "--api-server-count=2"),
                run -> new VllmParts(run, Set.of(), 4).judge());
        on(
                place,
                facts,
                "data parallel",
                "mid",
                List.of(length, "--max-num-seqs=2", "--data-parallel-size=2"),
                run -> new VllmParts(run, Set.of("0", "1"), 4).judge());
        if (!isAsked("dies")) {
            facts.skip("dies", "E2E_ONLY leaves it out");
            return;
        }
        VllmServer dying = new VllmServer("dies", "tiny", EngineProcess.freePort(), List.of(length));
        try {
            new DeathAndReturn(
                            name(),
                            () -> dying.start(place),
                            client -> client.ask(Ask.completion("work", VllmServer.MODEL, "Some work", 8)))
                    .judge(facts);
        } catch (EngineProcess.NotStartedException e) {
            e.tell(facts, "dies");
        }
    }

    private void on(Place place, Facts facts, String scenario, String model, List<String> flags, Scenario what)
            throws IOException, InterruptedException {
        if (!isAsked(scenario)) {
            facts.skip(scenario, "E2E_ONLY leaves it out");
            return;
        }
        VllmServer server =
                new VllmServer(scenario.replace(' ', '-'), model, EngineProcess.freePort(), new ArrayList<>(flags));
        try (EngineProcess engine = server.start(place);
                VllmRun run = new VllmRun(engine, server.log(place), scenario, facts, place)) {
            what.judge(run);
        } catch (EngineProcess.NotStartedException e) {
            e.tell(facts, scenario);
        } catch (RuntimeException e) {
            e.printStackTrace(System.out);
            facts.that(scenario, "judge", "it comes to its end", "an end", e.toString(), false);
        }
    }

    private static boolean isAsked(String scenario) {
        List<String> only = Arrays.stream(
                        System.getenv().getOrDefault("E2E_ONLY", "").split(","))
                .filter(word -> !word.isBlank())
                .toList();
        return only.isEmpty() || only.contains(scenario);
    }
}
