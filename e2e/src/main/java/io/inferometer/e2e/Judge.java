package io.inferometer.e2e;

import java.io.IOException;

/** Compares one kind of engine with what the library says of it. */
interface Judge {
    /** The word that asks for it. */
    String name();

    /** Finds facts. */
    void judge(Place place, Proofs proofs) throws IOException, InterruptedException;
}
