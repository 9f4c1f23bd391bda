package io.inferometer.testkit;

import okio.ByteString;

/** What a fake engine answers when nothing goes wrong on the way. */
record Answer(int status, String contentType, ByteString body, boolean chunked) {
    static final String JSON = "application/json";

    static Answer page(String contentType, byte[] body) {
        return new Answer(200, contentType, ByteString.of(body), false);
    }

    static Answer json(Object value) {
        return json(200, JSON, value);
    }

    static Answer json(int status, String contentType, Object value) {
        return new Answer(status, contentType, ByteString.of(Json.compact(value)), false);
    }

    static Answer text(int status, String contentType, String body) {
        return new Answer(status, contentType, ByteString.encodeUtf8(body), false);
    }

    /** The same without a Content-Length. */
    Answer inChunks() {
        return new Answer(status, contentType, body, true);
    }
}
