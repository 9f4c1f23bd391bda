/** Benchmarks, one question each. Their answers, with machine and JDK, stand in their Javadoc. */
@NullMarked
package io.inferometer.benchmarks;

import org.jspecify.annotations.NullMarked;
