/**
 * Ollama: what its JSON API says, and a metrics page where one answers.
 *
 * <p>Everything here but the readers of one answer may be shared between threads. What Ollama did not report is null,
 * never zero.
 */
@NullMarked
package io.inferometer.backend.ollama;

import org.jspecify.annotations.NullMarked;
