/**
 * The front door: {@link io.inferometer.Collectors}.
 */
@NullMarked
package io.inferometer;

import org.jspecify.annotations.NullMarked;
