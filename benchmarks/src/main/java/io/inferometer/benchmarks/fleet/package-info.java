/** Fleets at scale: {@code benchmarks/fleet} runs what is here against fake engines in another process. */
@NullMarked
package io.inferometer.benchmarks.fleet;

import org.jspecify.annotations.NullMarked;
