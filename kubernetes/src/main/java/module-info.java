/** Which pods serve a model, and what they run on. */
module io.inferometer.kubernetes {
    requires transitive io.inferometer.core;
    requires transitive kubernetes.client.api;
    // Annotations of the API's classes, which the compiler wants to see.
    requires static com.fasterxml.jackson.databind;
    requires kubernetes.model.apps;
    requires kubernetes.model.common;
    requires transitive kubernetes.model.core;
    requires org.slf4j;

    exports io.inferometer.kubernetes;
}
