/** Which pods serve a model, and what they run on. */
module io.inferometer.kubernetes {
    requires transitive io.inferometer.core;
    requires transitive kubernetes.client.api;
    requires static com.fasterxml
            .jackson
            .databind; // Annotations of the API's classes, which the compiler wants to see.
    requires kubernetes.model.apps;
    requires kubernetes.model.common;
    requires transitive kubernetes.model.core;
    requires org.slf4j;

    exports io.inferometer.kubernetes;
}
