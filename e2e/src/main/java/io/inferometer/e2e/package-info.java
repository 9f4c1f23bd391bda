/** Live engines as judges: a client with a ledger on one side, the library on the other, and a rule between them. */
@NullMarked
package io.inferometer.e2e;

import org.jspecify.annotations.NullMarked;
