package io.inferometer.source.prometheus;

import java.time.Instant;
import java.util.List;

/**
 * What the answers say of one model.
 *
 * @param askedAt when the first query was sent
 * @param replicas its replicas; empty when there are none
 * @param warnings what the server warned of
 */
record SeenModel(Instant askedAt, List<SeenReplica> replicas, List<String> warnings) {
    SeenModel {
        replicas = List.copyOf(replicas);
        warnings = List.copyOf(warnings);
    }
}
