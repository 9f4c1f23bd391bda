package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inferometer.testkit.FakeRequest.Ending;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final Simulation simulation = with(1);

    @Test
    void runsWhatFindsASlotAndQueuesTheRest() {
        for (int i = 0; i < 6; i++) {
            simulation.submit(100, 10, Ending.STOP);
        }
        assertThat(simulation.ledger().running()).isEqualTo(4);
        assertThat(simulation.ledger().waiting()).isEqualTo(2);
        assertThat(simulation.ledger().inFlight()).isEqualTo(6);
    }

    @Test
    void takesTheTimeThatARequestNeeds() {
        simulation.submit(100, 11, Ending.STOP); // Prefill 50 ms at the most, then ten gaps of 20 ms.
        simulation.advance(Duration.ofMillis(49));
        assertThat(simulation.ledger().generatedTokens()).isLessThanOrEqualTo(1);
        simulation.advance(Duration.ofMillis(201));
        assertThat(simulation.ledger().succeeded()).isEqualTo(1);
        assertThat(simulation.ledger().generatedTokens()).isEqualTo(11);
        assertThat(simulation.ledger().promptTokens()).isEqualTo(100);
        assertThat(simulation.ledger().endToEndSeconds())
                .isCloseTo(simulation.ledger().firstTokenSeconds() + 0.2, within(1e-9));
    }

    @Test
    void endsFailuresHalfWay() {
        simulation.submit(100, 20, Ending.FAILED);
        simulation.submit(100, 20, Ending.ABORTED);
        simulation.drain();
        Ledger ledger = simulation.ledger();
        assertThat(ledger.failed()).isEqualTo(1);
        assertThat(ledger.aborted()).isEqualTo(1);
        assertThat(ledger.succeeded()).isZero();
        assertThat(ledger.endedGeneratedTokens()).isEqualTo(20);
        assertThat(ledger.succeededGeneratedTokens()).isZero();
        assertThat(ledger.firstTokens()).isEqualTo(2);
    }

    @Test
    void spreadsRequestsOverItsRanks() {
        Simulation two = with(2);
        for (int i = 0; i < 3; i++) {
            two.submit(10, 10, Ending.STOP);
        }
        assertThat(two.ranks().get(0).running()).isEqualTo(2);
        assertThat(two.ranks().get(1).running()).isEqualTo(1);
    }

    @Test
    void receivesRequestsAtTheRateAskedFor() {
        simulation.arrivals(2);
        simulation.advance(Duration.ofSeconds(500));
        assertThat(simulation.ledger().submitted()).isBetween(900L, 1100L);
        assertThat(simulation.ledger().failed()).isBetween(5L, 40L);
        assertThat(simulation.ledger().aborted()).isBetween(5L, 40L);
    }

    @Test
    void keepsItsQueueBounded() {
        simulation.arrivals(100);
        simulation.advance(Duration.ofSeconds(60));
        assertThat(simulation.ledger().waiting()).isBetween(25L, 32L);
    }

    @Test
    void givesTheSameNumbersForTheSameSeed() {
        Simulation twin = with(1);
        simulation.arrivals(3);
        twin.arrivals(3);
        simulation.advance(Duration.ofMillis(20_005));
        for (int i = 0; i < 4001; i++) {
            twin.advance(Duration.ofMillis(5));
        }
        assertThat(twin.ledger()).isEqualTo(simulation.ledger());
        assertThat(twin.ledger().succeeded()).isGreaterThan(20);
        assertThat(twin.now()).isEqualTo(START.plusSeconds(20));
    }

    private static Simulation with(int ranks) {
        return new Simulation("m", ranks, 4, 42, Bounds.none(), START);
    }
}
