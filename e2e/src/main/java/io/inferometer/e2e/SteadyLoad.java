package io.inferometer.e2e;

import java.util.ArrayList;
import java.util.List;

/** So many requests that are always open: whoever has its answer asks again at once, until this is closed. */
final class SteadyLoad implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long PAUSE_MILLIS = 200;

    private final EngineClient client;
    private final List<Thread> askers = new ArrayList<>();
    private volatile boolean closed;

    /**
     * Opens them.
     *
     * @param url the engine
     * @param requests how many
     * @param ask what each asks for; the longer it takes, the steadier
     */
    SteadyLoad(String url, int requests, Ask ask) {
        client = new EngineClient(url);
        for (int i = 0; i < requests; i++) {
            Thread asker = new Thread(() -> askAgainAndAgain(ask), "e2e-steady-load");
            asker.setDaemon(true);
            asker.start();
            askers.add(asker);
        }
    }

    private void askAgainAndAgain(Ask ask) {
        while (!closed) {
            if (client.ask(ask).outcome() != Answer.Outcome.DONE) {
                pause(); // The client leaves, or the engine is gone.
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives them up. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        client.abortAll();
        for (Thread asker : askers) {
            asker.join(PATIENCE_MILLIS);
        }
        client.close();
    }
}
