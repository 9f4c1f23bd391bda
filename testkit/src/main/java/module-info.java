/** What one needs to test a program that reads engines: a fake engine, recorded pages, a contract for backends. */
module io.inferometer.testkit {
    requires static transitive org.jspecify;
    requires transitive io.inferometer.core;
    requires com.fasterxml.jackson.databind;
    requires java.logging;
    requires mockwebserver3;
    requires org.assertj.core;
    requires org.junit.jupiter.api;
    requires org.junit.jupiter.params;

    exports io.inferometer.testkit;

    opens io.inferometer.testkit; // JUnit calls the contract's tests.

    uses io.inferometer.spi.EngineBackend;
}
