/** Programs that the documents quote: each region stands in README or docs as it stands here. */
@NullMarked
package io.inferometer.examples;

import org.jspecify.annotations.NullMarked;
