/**
 * Reads vLLM, from the first V0 pages to today's V1 engine, through Ray, OpenMetrics and its Rust front end too.
 *
 * <p>{@link io.inferometer.backend.vllm.VllmTable} says what each family means;
 * {@link io.inferometer.backend.vllm.VllmSnapshot} holds what a page said. Everything here is immutable or stateless and
 * may be shared between threads.
 */
@NullMarked
package io.inferometer.backend.vllm;

import org.jspecify.annotations.NullMarked;
