/**
 * How fast pages are read, and against whom: {@link io.inferometer.benchmarks.Measure} is the table, {@link
 * io.inferometer.benchmarks.PageBenchmark} one cell of it under JMH.
 */
@NullMarked
package io.inferometer.benchmarks;

import org.jspecify.annotations.NullMarked;
