package io.inferometer.collect;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Turns what the network did into errors that name a remedy. */
final class Failures {
    private Failures() {}

    static CollectException of(IOException failure, URI url, Duration timeout) {
        if (failure instanceof InterruptedIOException && !Thread.currentThread().isInterrupted()) {
            return timedOut(url, timeout, failure);
        }
        if (failure instanceof InterruptedIOException) {
            return unreachable("The scrape of %s was interrupted.".formatted(url), failure);
        }
        if (failure instanceof UnknownHostException) {
            return unreachable(
                    "Could not reach %s: no such host. Check the name in the URL, and this machine's DNS."
                            .formatted(url),
                    failure);
        }
        if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return unreachable(
                    "Could not reach %s: nothing accepts connections there. Check that the engine runs, and its port."
                            .formatted(url),
                    failure);
        }
        if (failure instanceof SSLException) {
            return unreachable(
                    "Could not reach %s: TLS failed (%s). Use withTls(...) to trust its authority, or an http URL."
                            .formatted(url, failure.getMessage()),
                    failure);
        }
        return unreachable(
                "Could not read %s: the connection broke (%s). Try again; if it stays so, check the engine's log."
                        .formatted(url, failure.getMessage()),
                failure);
    }

    static EngineTimedOutException timedOut(URI url, Duration timeout, IOException cause) {
        return new EngineTimedOutException(
                "No complete answer from %s within %s. The engine may be overloaded; give it more with withTimeout(...)."
                        .formatted(url, words(timeout)),
                true,
                cause);
    }

    static String words(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }

    private static EngineUnreachableException unreachable(String message, IOException cause) {
        return new EngineUnreachableException(message, true, cause);
    }
}
