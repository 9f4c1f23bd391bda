package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.inferometer.saturation.SourceTrouble;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one event for each object and counts on, as kubelets and controllers do. For one thread. */
final class EventWriter {
    private static final Logger LOG = LoggerFactory.getLogger(UnavailableEvents.class);
    private static final String COMPONENT = "inferometer";
    private static final int OBJECTS_MAX = 1000;
    private static final int MESSAGE_CHARS_MAX = 1000; // As long as kubectl shows well.

    private final KubernetesClient client;
    private final Duration pause;
    private final Map<UnavailableEvents.Involved, Posted> posted = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UnavailableEvents.Involved, Posted> eldest) {
            return size() > OBJECTS_MAX;
        }
    };
    private @Nullable String lastComplaint;

    /** What stands in the cluster, and what was counted since. */
    private static final class Posted {
        private @Nullable String name;
        private int count;
        private long writtenAt;
        private boolean everWritten;
    }

    EventWriter(KubernetesClient client, Duration pause) {
        this.client = client;
        this.pause = pause;
    }

    void write(UnavailableEvents.Involved object, SourceTrouble trouble) {
        Posted event = posted.computeIfAbsent(object, key -> new Posted());
        event.count++;
        long now = System.nanoTime();
        if (event.everWritten && now - event.writtenAt < pause.toNanos()) {
            return; // Counted, and written with the next.
        }
        event.everWritten = true;
        event.writtenAt = now;
        boolean create = event.name == null;
        try {
            create = create || !countOn(object, event, trouble);
            if (create) {
                create(object, event, trouble);
            }
            lastComplaint = null;
        } catch (KubernetesClientException e) {
            complain(Access.of(client, create ? "create" : "patch", "", "events", object.namespace())
                    .explain(e));
        }
    }

    /** False when the cluster has forgotten the event, as it does after an hour. */
    private boolean countOn(UnavailableEvents.Involved object, Posted event, SourceTrouble trouble) {
        try {
            client.v1()
                    .events()
                    .inNamespace(object.namespace())
                    .withName(event.name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            new EventBuilder()
                                    .withCount(event.count)
                                    .withLastTimestamp(text(trouble.at()))
                                    .withMessage(message(trouble))
                                    .build());
            return true;
        } catch (KubernetesClientException e) {
            if (Access.isMissing(e)) {
                event.count = 1;
                return false;
            }
            throw e;
        }
    }

    private void create(UnavailableEvents.Involved object, Posted event, SourceTrouble trouble) {
        String name =
                object.object().name() + "." + UUID.randomUUID().toString().substring(0, 13);
        Event made = new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(object.namespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(object.object().apiVersion())
                .withKind(object.object().kind())
                .withName(object.object().name())
                .withNamespace(object.namespace())
                .withUid(object.object().uid())
                .endInvolvedObject()
                .withType("Warning")
                .withReason(SourceTrouble.REASON)
                .withMessage(message(trouble))
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withCount(event.count)
                .withFirstTimestamp(text(trouble.at()))
                .withLastTimestamp(text(trouble.at()))
                .build();
        client.v1().events().inNamespace(object.namespace()).resource(made).create();
        event.name = name;
    }

    private void complain(String message) {
        if (!message.equals(lastComplaint)) {
            LOG.warn("{}", message);
        }
        lastComplaint = message;
    }

    private static String message(SourceTrouble trouble) {
        String model = trouble.model() == null ? "" : "Model " + trouble.model() + ": ";
        String message = model + trouble.message();
        return message.length() > MESSAGE_CHARS_MAX ? message.substring(0, MESSAGE_CHARS_MAX - 1) + "…" : message;
    }

    private static String text(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
