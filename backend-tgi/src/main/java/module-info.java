/** Teaches Inferometer to read TGI (text-generation-inference). */
module io.inferometer.backend.tgi {
    requires transitive io.inferometer.core;
    requires com.fasterxml.jackson.core;

    exports io.inferometer.backend.tgi;

    provides io.inferometer.spi.EngineBackend with
            io.inferometer.backend.tgi.TgiBackend;
}
