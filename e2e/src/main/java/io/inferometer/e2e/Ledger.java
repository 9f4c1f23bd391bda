package io.inferometer.e2e;

import io.inferometer.e2e.Answer.Outcome;
import io.inferometer.e2e.Answer.Timings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The client's account of the requests that are over. Immutable.
 *
 * @param answers one for each request, in the order in which they were sent
 */
record Ledger(List<Answer> answers) {
    Ledger {
        answers = List.copyOf(answers);
    }

    Stream<Answer> done() {
        return answers.stream().filter(answer -> answer.outcome() == Outcome.DONE);
    }

    long count(Outcome outcome) {
        return answers.stream().filter(answer -> answer.outcome() == outcome).count();
    }

    long sumOfDone(ToLongFunction<Answer> value) {
        return done().mapToLong(value).sum();
    }

    /** Sums what llama.cpp said of its own about whole answers. */
    long sumOfTimings(ToLongFunction<Timings> value) {
        return done().map(Answer::timings)
                .filter(Objects::nonNull)
                .mapToLong(value)
                .sum();
    }

    /** Choices of whole answers by how they ended. */
    Map<String, Long> finishReasons() {
        return done().flatMap(answer -> answer.finishReasons().stream())
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
    }

    long choices() {
        return finishReasons().values().stream().mapToLong(Long::longValue).sum();
    }

    /** What was added since an earlier state of the same account. */
    Ledger since(Ledger earlier) {
        return new Ledger(answers.stream()
                .filter(answer -> !earlier.answers.contains(answer))
                .toList());
    }
}
