package io.inferometer.fleet;

import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineMetrics.Adapters;
import io.inferometer.snapshot.EngineMetrics.Cache;
import io.inferometer.snapshot.EngineMetrics.Events;
import io.inferometer.snapshot.EngineMetrics.Latency;
import io.inferometer.snapshot.EngineMetrics.Load;
import io.inferometer.snapshot.EngineMetrics.Memory;
import io.inferometer.snapshot.EngineMetrics.Requests;
import io.inferometer.snapshot.EngineMetrics.Size;
import io.inferometer.snapshot.EngineMetrics.Speculation;
import io.inferometer.snapshot.EngineMetrics.Tokens;
import java.util.List;
import java.util.Map;

/** Common words of which none was reported. */
final class Nothing {
    static final Load LOAD = new Load(null, null, null, null, null, null);
    static final Latency LATENCY = new Latency(null, null, null, null, null, null, null, null);
    static final Size SIZE = new Size(null, null, null);
    static final Speculation SPECULATION = new Speculation(null, null, null);
    static final Adapters ADAPTERS = new Adapters(null, null, null);
    static final Memory MEMORY = new Memory(null, null);
    static final EngineMetrics METRICS = new EngineMetrics(
            LOAD,
            new Requests(null, null, null, null, Map.of()),
            new Tokens(null, null, null),
            LATENCY,
            SIZE,
            new Cache(null, null, null, null, null, null, null),
            SPECULATION,
            ADAPTERS,
            MEMORY,
            List.of(),
            new Events(null));

    private Nothing() {}
}
