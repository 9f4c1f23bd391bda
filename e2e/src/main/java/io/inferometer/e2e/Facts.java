package io.inferometer.e2e;

import io.inferometer.spi.CommonField;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that was judged in one run, printed as it is found. For one thread. */
final class Facts {
    private static final Set<String> COMMON =
            Arrays.stream(CommonField.values()).map(CommonField::path).collect(Collectors.toSet());

    private final PrintStream out;
    private final List<Fact> facts = new ArrayList<>();
    private int skipped;

    Facts(PrintStream out) {
        this.out = out;
    }

    /** The two are the same number. */
    void same(String scenario, String field, long client, @Nullable Long snapshot) {
        same(scenario, field, "equal", client, snapshot);
    }

    /** The two are the same number, by a rule that says which of the client's numbers it is. */
    void same(String scenario, String field, String rule, long client, @Nullable Long snapshot) {
        boolean holds = Objects.equals(client, snapshot);
        add(new Fact(scenario, field, rule, text(client), text(snapshot), holds, client != 0));
    }

    /** The two differ by no more than so much. */
    void near(String scenario, String field, String rule, double client, @Nullable Double snapshot, double most) {
        boolean holds = snapshot != null && Math.abs(snapshot - client) <= most;
        String full = "%s, within %s".formatted(rule, text(most));
        add(new Fact(scenario, field, full, text(client), text(snapshot), holds, client != 0));
    }

    /** Whatever the rule says. */
    void that(
            String scenario,
            String field,
            String rule,
            @Nullable Object client,
            @Nullable Object snapshot,
            boolean holds) {
        add(new Fact(scenario, field, rule, text(client), text(snapshot), holds, true));
    }

    /** What has to hold, and by itself proves nothing: it is so where nothing is understood, too. */
    void always(String scenario, String field, String rule, Object client, @Nullable Object snapshot) {
        boolean holds = client.equals(snapshot);
        String full = rule + "; which by itself proves nothing";
        add(new Fact(scenario, field, full, text(client), text(snapshot), holds, false));
    }

    /** What must not be said; that proves nothing of what is said elsewhere. */
    void absent(String scenario, String field, String rule, @Nullable Object snapshot) {
        add(new Fact(scenario, field, rule, "absent", text(snapshot), snapshot == null, false));
    }

    /** Something that cannot be judged here. */
    void skip(String what, String why) {
        skipped++;
        out.printf("skip  %s: %s%n", what, why);
    }

    private void add(Fact fact) {
        facts.add(fact);
        out.println(fact.line());
    }

    /** The common fields of which every fact holds, and at least one of them proves something. */
    Set<String> provenFields() {
        Set<String> proven = new TreeSet<>();
        facts.stream()
                .filter(Fact::proves)
                .map(Fact::field)
                .filter(COMMON::contains)
                .forEach(proven::add);
        facts.stream().filter(fact -> !fact.holds()).map(Fact::field).forEach(proven::remove);
        return proven;
    }

    /** The common fields that were judged where they are zero, and nowhere else. */
    Set<String> unprovenFields() {
        Set<String> unproven = new TreeSet<>();
        facts.stream().map(Fact::field).filter(COMMON::contains).forEach(unproven::add);
        facts.stream().filter(Fact::proves).map(Fact::field).forEach(unproven::remove);
        return unproven;
    }

    /** The facts that do not hold, in the order in which they were found. */
    List<Fact> failures() {
        return facts.stream().filter(fact -> !fact.holds()).toList();
    }

    /** The common fields of which some fact does not hold. */
    Set<String> failedFields() {
        return failures().stream().map(Fact::field).collect(Collectors.toSet());
    }

    long failed() {
        return failures().size();
    }

    long passed() {
        return facts.size() - failed();
    }

    long skipped() {
        return skipped;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Double real) {
            return String.format(Locale.ROOT, "%.6g", real);
        }
        return value == null ? "absent" : value.toString();
    }
}
