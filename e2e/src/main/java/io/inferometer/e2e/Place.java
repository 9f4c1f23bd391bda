package io.inferometer.e2e;

import java.nio.file.Path;

/**
 * Where this runs.
 *
 * @param work what is fetched and written goes here
 * @param shared captures and facts; may be missing
 * @param inferometer the command
 */
record Place(Path work, Path shared, Inferometer inferometer) {
    Path log(String name) {
        return work.resolve("logs").resolve(name + ".log");
    }
}
