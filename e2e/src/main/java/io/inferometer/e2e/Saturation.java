package io.inferometer.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command {@code saturation}, asked while the client holds requests open. */
final class Saturation {
    private static final int ATTEMPTS = 3;

    private Saturation() {}

    /** Asks of a file of one target. */
    static void judge(Place place, Facts facts, String engine, String url, String model, int running, int waiting)
            throws IOException, InterruptedException {
        Path targets = place.work().resolve(engine + "-targets.json");
        Files.writeString(
                targets,
                "{\"targets\":[{\"engine\":\"%s\",\"url\":\"%s\",\"labels\":{\"model\":\"%s\"}}]}"
                        .formatted(engine, url, model));
        judge(
                place,
                facts,
                "command: saturation",
                running,
                waiting,
                "saturation",
                "--targets",
                targets.toString(),
                "--model",
                model,
                "--for",
                "2s",
                "--json");
    }

    /** Asks in any way; between the end of one request and the next one's arrival there is a moment, so perhaps again. */
    static void judge(Place place, Facts facts, String what, int running, int waiting, String... arguments)
            throws IOException, InterruptedException {
        JsonNode replica = replica(place, arguments);
        for (int i = 1; i < ATTEMPTS && !is(replica, running, waiting); i++) {
            replica = replica(place, arguments);
        }
        facts.that(
                "load",
                what,
                "the client's open requests: those that run, and the queue",
                "%d and %d".formatted(running, waiting),
                "%s and %s".formatted(replica.path("running"), replica.path("queue_depth")),
                is(replica, running, waiting));
    }

    private static JsonNode replica(Place place, String... arguments) throws IOException, InterruptedException {
        return place.inferometer().json(arguments).path("replicas").path(0);
    }

    private static boolean is(JsonNode replica, int running, int waiting) {
        return replica.path("running").isNumber()
                && replica.path("queue_depth").isNumber()
                && replica.path("running").asDouble() == running
                && replica.path("queue_depth").asDouble() == waiting;
    }
}
