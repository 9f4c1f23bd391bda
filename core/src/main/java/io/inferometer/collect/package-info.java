/**
 * One target, one scrape: collectors, targets, limits and the errors that name a remedy.
 */
@NullMarked
package io.inferometer.collect;

import org.jspecify.annotations.NullMarked;
