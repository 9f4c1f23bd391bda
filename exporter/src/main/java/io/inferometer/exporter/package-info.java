@NullMarked
package io.inferometer.exporter;

import org.jspecify.annotations.NullMarked;
