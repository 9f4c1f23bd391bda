/**
 * Bytes of a metrics page to samples, in one pass and without garbage.
 *
 * <p>{@link io.inferometer.parser.PageParser} is the door. The package knows no other package of the library.
 */
@NullMarked
package io.inferometer.parser;

import org.jspecify.annotations.NullMarked;
