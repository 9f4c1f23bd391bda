/**
 * SGLang: its families from v0.3.5 on, with either prefix, the gateway's {@code /engine_metrics} and the JSON of
 * {@code /v1/loads}.
 *
 * <p>Everything public here is immutable or stateless, and safe to share.
 */
@NullMarked
package io.inferometer.backend.sglang;

import org.jspecify.annotations.NullMarked;
