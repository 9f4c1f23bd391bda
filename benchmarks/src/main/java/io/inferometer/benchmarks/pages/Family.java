package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A family of a simulated engine. */
final class Family {
    private record Member(String suffix, List<String> labels, Series series) {}

    final String name;
    private final String type;
    private final String help;
    private final List<Member> members = new ArrayList<>();

    Family(String name, String type, String help) {
        this.name = name;
        this.type = type;
        this.help = help;
    }

    Family with(Series series, String... labels) {
        return withSuffix("", series, labels);
    }

    /** A series whose name is longer than its family's. */
    Family withSuffix(String suffix, Series series, String... labels) {
        members.add(new Member(suffix, List.of(labels), series));
        return this;
    }

    void move(Random random) {
        members.forEach(member -> member.series.move(random));
    }

    /** Writes the family, its label sets in another order where an order is given by chance. */
    void write(Exposition page, boolean shuffled, Random random) {
        if (!help.isEmpty()) {
            page.help(name, help);
        }
        page.type(name, type);
        List<Member> order = new ArrayList<>(members);
        if (shuffled) {
            Collections.shuffle(order, random);
        }
        order.forEach(member -> member.series.write(page, name + member.suffix, member.labels));
        if (page.dialect == Dialect.RUST) {
            page.emptyLine();
        }
    }
}
