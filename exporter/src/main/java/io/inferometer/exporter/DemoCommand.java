package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.testkit.FakeEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the program at work without any engine. */
@Command(
        name = "demo",
        description = {
            "Starts one fake engine of each kind on this machine, reads all of them twice, a second apart, and prints"
                    + " what they reported. Then it watches them as a fleet, of which one dies and comes back."
        },
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    private static final Duration PAST = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final double REQUESTS_PER_SECOND = 2.5;

    private final Console console;

    @Option(names = "--json", description = "Print the snapshots, and what became of the fleet, as one JSON object.")
    private boolean json;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<FakeEngine> engines = new ArrayList<>();
        try {
            for (String name : FakeEngine.engines()) {
                engines.add(FakeEngine.start(name));
                busy(engines.get(engines.size() - 1), engines.size());
            }
            Map<String, EngineSnapshot> before = collect(engines);
            Thread.sleep(PAUSE.toMillis());
            Map<String, EngineSnapshot> now = collect(engines);
            if (json) {
                List<FleetDemoStep> fleet = new ArrayList<>();
                new FleetDemo(engines, fleet::add).run();
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("engines", now);
                tree.put("fleet", fleet);
                Json.print(console.out(), tree);
            } else {
                console.out().lines(DemoReport.lines(before, now));
                console.out().line("");
                console.out()
                        .line("a fleet, read every %d ms, of which one engine dies and comes back"
                                .formatted(FleetDemo.INTERVAL.toMillis()));
                new FleetDemo(engines, step -> {
                            console.out().lines(step.lines());
                            console.out().flush();
                        })
                        .run();
            }
        } finally {
            engines.forEach(FakeEngine::close);
        }
        return 0;
    }

    /** Gives it a past of its own, and requests that come and go from now on. */
    private static void busy(FakeEngine engine, int seed) {
        engine.withSeed(seed).withLoad(REQUESTS_PER_SECOND).advance(PAST).inRealTime();
    }

    private static Map<String, EngineSnapshot> collect(List<FakeEngine> engines) {
        Map<String, EngineSnapshot> snapshots = new LinkedHashMap<>();
        for (FakeEngine engine : engines) {
            snapshots.put(engine.engine(), Collectors.forEngine(engine.engine()).collect(engine.url()));
        }
        return snapshots;
    }
}
