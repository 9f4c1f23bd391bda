package io.inferometer.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LazyTest {
    @Test
    void isWorkedOutWhenAskedForAndOnce() {
        AtomicInteger asked = new AtomicInteger();
        Lazy<Integer> lazy = Lazy.of(asked::incrementAndGet);

        assertThat(asked).hasValue(0);
        assertThat(lazy.get()).isEqualTo(1);
        assertThat(lazy.get()).isEqualTo(1);
        assertThat(asked).hasValue(1);
    }

    @Test
    void isWorkedOutOnceForManyThreads() throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        Lazy<String> lazy = Lazy.of(() -> "worked out " + asked.incrementAndGet());
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Thread thread = new Thread(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    return;
                }
                synchronized (seen) {
                    seen.add(lazy.get());
                }
            });
            threads.add(thread);
            thread.start();
        }
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(seen).hasSize(8).containsOnly("worked out 1");
    }

    @Test
    void isAskedAgainAfterAFailure() {
        AtomicInteger asked = new AtomicInteger();
        Lazy<Integer> lazy = Lazy.of(() -> 12 / asked.getAndIncrement());

        assertThatThrownBy(lazy::get).isInstanceOf(ArithmeticException.class);
        assertThat(lazy.get()).isEqualTo(12);
    }

    @Test
    void isEqualByValue() {
        assertThat(Lazy.of(() -> "a")).isEqualTo(Lazy.known("a")).hasSameHashCodeAs(Lazy.known("a"));
        assertThat(Lazy.of(() -> "a")).isNotEqualTo(Lazy.known("b")).hasToString("a");
    }
}
