/** A fake engine that speaks HTTP, recorded pages, and the contract that every backend passes. */
@NullMarked
package io.inferometer.testkit;

import org.jspecify.annotations.NullMarked;
