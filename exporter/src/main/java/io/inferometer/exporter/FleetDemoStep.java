package io.inferometer.exporter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.inferometer.fleet.TargetState;
import io.inferometer.fleet.TargetView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One step of {@link FleetDemo}: something was done to an engine, a target's state changed, or all were looked at.
 *
 * @param seconds since the demo began
 * @param target whom it is about; null for all
 * @param event what was done; null when a state changed or all were looked at
 * @param before the state before, null unless it changed
 * @param state the state after, null unless it changed
 * @param targets what is known of all; null unless they were looked at
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FleetDemoStep(
        @JsonProperty("seconds") double seconds,
        @JsonProperty("target") @Nullable String target,
        @JsonProperty("event") @Nullable String event,
        @JsonProperty("before") @Nullable TargetState before,
        @JsonProperty("state") @Nullable TargetState state,
        @JsonProperty("targets") @Nullable List<Seen> targets) {
    /** A target as it was seen, and how many restarts of it. */
    record Seen(
            @JsonProperty("target") Reading reading,
            @JsonProperty("restarts") int restarts) {}

    static FleetDemoStep did(double seconds, String target, String event) {
        return new FleetDemoStep(seconds, target, event, null, null, null);
    }

    static FleetDemoStep became(double seconds, String target, TargetState before, TargetState state) {
        return new FleetDemoStep(seconds, target, null, before, state, null);
    }

    static FleetDemoStep saw(double seconds, List<TargetView> views) {
        List<Seen> seen = new ArrayList<>();
        views.forEach(view -> seen.add(new Seen(Reading.of(view), view.restarts())));
        return new FleetDemoStep(seconds, null, null, null, null, seen);
    }

    /** As people read it. */
    List<String> lines() {
        if (targets != null) {
            return table(targets).lines();
        }
        String what = event == null ? "%s: %s -> %s".formatted(target, before, state) : target + " is " + event;
        return List.of(String.format(Locale.ROOT, "  %4.1f s  %s", seconds, Printable.line(what)));
    }

    private static TextTable table(List<Seen> targets) {
        TextTable table = new TextTable();
        table.row("  target", "state", "age", "running", "waiting", "tokens/s", "restarts", "");
        for (Seen seen : targets) {
            Reading reading = seen.reading;
            table.row(
                    "  " + reading.name(),
                    reading.state().name(),
                    SaturationTable.age(reading.age()),
                    SaturationTable.number(reading.running()),
                    SaturationTable.number(reading.waiting()),
                    SaturationTable.number(reading.tokensPerSecond()),
                    String.valueOf(seen.restarts),
                    reading.error() == null ? "" : reading.error());
        }
        return table;
    }
}
