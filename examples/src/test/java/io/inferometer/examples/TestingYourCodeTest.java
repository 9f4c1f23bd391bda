package io.inferometer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.Collectors;
import io.inferometer.collect.Target;
import io.inferometer.testkit.FakeEngine;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How to test a program that reads engines: against fake ones, over real HTTP. */
class TestingYourCodeTest {
    // region testing
    @Test
    void choosesTheEngineWithTheShorterQueue() {
        try (FakeEngine busy = FakeEngine.start("vllm");
                FakeEngine calm = FakeEngine.start("vllm")) {
            busy.submit(9);
            calm.submit(2);
            RouterLoop router =
                    new RouterLoop(Collectors.forEngine("vllm"), List.of(Target.of(busy.url()), Target.of(calm.url())));
            assertThat(router.leastLoaded()).contains(Target.of(calm.url()).hostAndPort());

            calm.dropConnections();
            assertThat(router.leastLoaded()).contains(Target.of(busy.url()).hostAndPort());
        }
    }
    // endregion

    @Test
    void neverTakesSilenceForIdleness() {
        try (FakeEngine silent = FakeEngine.start("tgi")) { // A fresh TGI says nothing at all.
            RouterLoop router = new RouterLoop(Collectors.forEngine("tgi"), List.of(Target.of(silent.url())));
            assertThat(router.leastLoaded()).isEmpty();
        }
    }
}
