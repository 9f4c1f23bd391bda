/** llama.cpp's server: its table of metrics, and its snapshot in the engine's own words. */
@NullMarked
package io.inferometer.backend.llamacpp;

import org.jspecify.annotations.NullMarked;
