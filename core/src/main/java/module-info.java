/** Reads the metrics of LLM inference engines into immutable, typed snapshots. */
module io.inferometer.core {
    requires static transitive org.jspecify;
    requires transitive com.fasterxml.jackson.annotation;
    requires transitive okhttp3;
    requires transitive okio;
    requires org.slf4j;

    exports io.inferometer;
    exports io.inferometer.collect;
    exports io.inferometer.fleet;
    exports io.inferometer.parser;
    exports io.inferometer.saturation;
    exports io.inferometer.snapshot;
    exports io.inferometer.spi;

    opens io.inferometer.saturation; // Jackson reads package-private accessors that fix the JSON's shape.
    opens io.inferometer.snapshot; // Jackson reads package-private accessors that fix the JSON's shape.

    uses io.inferometer.saturation.SaturationCollectorFactory;
    uses io.inferometer.spi.EngineBackend;

    provides io.inferometer.saturation.SaturationCollectorFactory with
            io.inferometer.saturation.DirectSaturationFactory;
}
