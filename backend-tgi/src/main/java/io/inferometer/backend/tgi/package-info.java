/** TGI (text-generation-inference): its table of metrics, and its snapshot in the engine's own words. */
@NullMarked
package io.inferometer.backend.tgi;

import org.jspecify.annotations.NullMarked;
