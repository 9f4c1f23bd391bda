/** Entry points that take bytes from outside, as targets for Jazzer, and the inputs that it and we found interesting. */
@NullMarked
package io.inferometer.it.fuzz;

import org.jspecify.annotations.NullMarked;
