/** Pages like those of real engines, written by simulated ones: the same in every run, and four scrapes of each. */
@NullMarked
package io.inferometer.benchmarks.pages;

import org.jspecify.annotations.NullMarked;
