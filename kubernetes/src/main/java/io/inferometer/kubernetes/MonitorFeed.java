package io.inferometer.kubernetes;

import io.inferometer.collect.UnknownEngineException;
import io.inferometer.fleet.EngineMonitor;
import io.inferometer.fleet.MonitoredTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps the targets of one monitor; those that others added there stay as they are. For one thread. */
final class MonitorFeed {
    private final EngineMonitor monitor;
    private final Map<String, String> complaints = new HashMap<>();
    private final Map<String, MonitoredTarget> ours = new HashMap<>();

    MonitorFeed(EngineMonitor monitor) {
        this.monitor = monitor;
    }

    EngineMonitor monitor() {
        return monitor;
    }

    /** What could not be added, and why; of the last call. */
    Map<String, String> update(List<MonitoredTarget> targets) {
        complaints.clear();
        Map<String, MonitoredTarget> wanted = new HashMap<>();
        targets.forEach(target -> wanted.putIfAbsent(target.name(), target));
        ours.values().removeIf(target -> {
            boolean gone = !target.equals(wanted.get(target.name()));
            if (gone) {
                monitor.remove(target.name());
            }
            return gone;
        });
        targets.stream().filter(target -> !ours.containsKey(target.name())).forEach(this::add);
        return Map.copyOf(complaints);
    }

    private void add(MonitoredTarget target) {
        try {
            monitor.add(target);
            ours.put(target.name(), target);
        } catch (UnknownEngineException | IllegalArgumentException | IllegalStateException e) {
            complaints.put(
                    "monitor/" + target.name(), "Pod '%s' is not watched: %s".formatted(target.name(), e.getMessage()));
        }
    }
}
