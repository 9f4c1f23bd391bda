package io.inferometer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.inferometer.saturation.SourceTrouble;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnavailableEventsTest {
    private static final PodOwner OWNER = new PodOwner("apps/v1", "Deployment", "llama", "uid-1");

    @Test
    void postsOneEventAndCountsOn() throws Exception {
        try (Cluster cluster = new Cluster()) {
            UnavailableEvents events = events(cluster, Duration.ZERO);
            for (int second = 0; second < 3; second++) {
                events.onUnavailable(trouble(second));
            }
            events.close();

            List<Event> found = found(cluster);
            assertThat(found).hasSize(1);
            Event event = found.get(0);
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getReason()).isEqualTo("MetricsUnavailable");
            assertThat(event.getCount()).isEqualTo(3);
            assertThat(event.getFirstTimestamp()).isEqualTo("2026-01-01T00:00:00Z");
            assertThat(event.getLastTimestamp()).isEqualTo("2026-01-01T00:00:02Z");
            assertThat(event.getMessage()).isEqualTo("Model m: No answer. Start it.");
            assertThat(event.getInvolvedObject().getKind()).isEqualTo("Deployment");
            assertThat(event.getInvolvedObject().getName()).isEqualTo("llama");
            assertThat(event.getInvolvedObject().getUid()).isEqualTo("uid-1");
            assertThat(event.getSource().getComponent()).isEqualTo("inferometer");
        }
    }

    @Test
    void writesSeldomHoweverOftenItHears() throws Exception {
        try (Cluster cluster = new Cluster()) {
            int before = cluster.server.getRequestCount();
            UnavailableEvents events = events(cluster, Duration.ofMinutes(1));
            for (int second = 0; second < 50; second++) {
                events.onUnavailable(trouble(second));
            }
            events.close();
            assertThat(cluster.server.getRequestCount() - before).isEqualTo(1);
        }
    }

    @Test
    void beginsAnewWhenTheClusterForgot() throws Exception {
        try (Cluster cluster = new Cluster()) {
            EventWriter writer = new EventWriter(cluster.client, Duration.ZERO);
            UnavailableEvents.Involved object = new UnavailableEvents.Involved(Cluster.NAMESPACE, OWNER);
            writer.write(object, trouble(0));
            writer.write(object, trouble(1));
            cluster.direct.v1().events().inNamespace(Cluster.NAMESPACE).delete();
            writer.write(object, trouble(2));
            assertThat(found(cluster)).extracting(Event::getCount).containsExactly(1);
        }
    }

    @Test
    void costsNothingWithoutTheRight() throws Exception {
        try (Cluster cluster = new Cluster()) {
            cluster.api.refuse("create", "events");
            UnavailableEvents events = events(cluster, Duration.ZERO);
            events.onUnavailable(trouble(0));
            events.onUnavailable(trouble(1));
            events.close();
            events.onUnavailable(trouble(2)); // Closed: left out.
            assertThat(found(cluster)).isEmpty();
            assertThat(cluster.api.asked("create", "events")).isEqualTo(2);
        }
    }

    private static UnavailableEvents events(Cluster cluster, Duration pause) {
        UnavailableEvents.Involved object = new UnavailableEvents.Involved(Cluster.NAMESPACE, OWNER);
        return new UnavailableEvents(cluster.client, trouble -> List.of(object), pause);
    }

    private static List<Event> found(Cluster cluster) {
        return cluster.direct
                .v1()
                .events()
                .inNamespace(Cluster.NAMESPACE)
                .list()
                .getItems();
    }

    private static SourceTrouble trouble(int second) {
        return new SourceTrouble(
                "prometheus",
                "m",
                null,
                "No answer. Start it.",
                4,
                null,
                true,
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(second));
    }
}
