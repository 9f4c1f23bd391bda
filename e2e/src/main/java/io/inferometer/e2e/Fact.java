package io.inferometer.e2e;

/**
 * One thing that was judged.
 *
 * @param scenario what was done to the engine
 * @param field the path of the common field that was judged, or a word for what has none
 * @param rule what has to hold between the two
 * @param client what the client knows
 * @param snapshot what the library said
 * @param holds whether the rule holds
 * @param proves whether a library that understands nothing would fail here; one that says zero of everything holds
 *     wherever the client counted zero
 */
record Fact(String scenario, String field, String rule, String client, String snapshot, boolean holds, boolean proves) {
    String line() {
        return "%-5s %-22s %-40s client %s | snapshot %s | %s"
                .formatted(holds ? "ok" : "WRONG", scenario, field, client, snapshot, rule);
    }
}
