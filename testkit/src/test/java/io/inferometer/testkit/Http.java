package io.inferometer.testkit;

import java.io.IOException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Plain GETs. */
final class Http {
    private static final OkHttpClient CLIENT = new OkHttpClient.Builder()
            .followRedirects(false)
            .retryOnConnectionFailure(false)
            .callTimeout(Duration.ofSeconds(10))
            .build();

    private Http() {}

    static Response get(String url, String... headers) throws IOException {
        Request.Builder request = new Request.Builder().url(url);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return CLIENT.newCall(request.build()).execute();
    }

    static String body(String url) throws IOException {
        try (Response response = get(url)) {
            return response.body().string();
        }
    }

    static byte[] bytes(String url) throws IOException {
        try (Response response = get(url)) {
            return response.body().bytes();
        }
    }
}
