/**
 * What an engine said, as immutable values: the common words of every engine, distributions, labels and samples.
 *
 * <p>Everything here may be shared between threads. What was not reported is null (or an empty list or map where the
 * type is one), never zero.
 */
@NullMarked
package io.inferometer.snapshot;

import org.jspecify.annotations.NullMarked;
