module io.inferometer.consumer {
    requires io.inferometer.core;
    requires jdk.httpserver;
}
