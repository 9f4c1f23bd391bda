package io.inferometer.testkit;

import java.util.stream.IntStream;

/** The bucket bounds of an engine's histograms, by what they measure. Nobody writes to the arrays. */
final class Bounds {
    /** Of the time to the first token, seconds. */
    final double[] firstToken;

    /** Of gaps between tokens, seconds. */
    final double[] interToken;

    /** Of all else that takes time, seconds. */
    final double[] phases;

    /** Of prompts, tokens. */
    final double[] promptTokens;

    /** Of answers, tokens. */
    final double[] generatedTokens;

    Bounds(double[] firstToken, double[] interToken, double[] phases, double[] promptTokens, double[] generatedTokens) {
        this.firstToken = firstToken;
        this.interToken = interToken;
        this.phases = phases;
        this.promptTokens = promptTokens;
        this.generatedTokens = generatedTokens;
    }

    /** None, of engines without histograms. */
    static Bounds none() {
        double[] none = {};
        return new Bounds(none, none, none, none, none);
    }

    /** {@code count} bounds, each {@code factor} times the one before. */
    static double[] growing(double first, double factor, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int i = 0; i < count; i++, bound *= factor) {
            bounds[i] = bound;
        }
        return bounds;
    }

    /** {@code count} bounds at the same distance. */
    static double[] even(double distance, int count) {
        return IntStream.rangeClosed(1, count).mapToDouble(i -> i * distance).toArray();
    }
}
