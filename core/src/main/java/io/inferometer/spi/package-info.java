/**
 * For authors of backends: a page of metrics, the table that says what its families mean, and the draft of a snapshot.
 *
 * <p>A backend is a {@link io.inferometer.spi.MetricTable} and a few special rules. Users of the library do not need
 * this package.
 */
@NullMarked
package io.inferometer.spi;

import org.jspecify.annotations.NullMarked;
