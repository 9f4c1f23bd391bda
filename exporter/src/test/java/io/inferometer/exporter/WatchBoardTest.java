package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.fleet.MonitoredTarget;
import io.inferometer.fleet.TargetState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchBoardTest {
    private static final MonitoredTarget ONE = MonitoredTarget.of("vllm", "http://one:8000");
    private static final MonitoredTarget TWO =
            MonitoredTarget.of("tgi", "http://two:8080").withName("two");

    private final WatchBoard board = new WatchBoard(List.of(ONE, TWO), WatchOrder.GIVEN);

    @Test
    void showsAbsentNumbersBeforeTheFirstReading() {
        assertThat(board.head(120))
                .isEqualTo(
                        "engine  target    state    age       running    waiting   KV usage   tokens/s      req/s  TTFT p99   ITL p99");
        assertThat(board.lines(120))
                .extracting(WatchBoard.Line::text)
                .containsExactly(
                        "vllm    one:8000  UNKNOWN  -               -          -          -          -          -         -         -",
                        "tgi     two       UNKNOWN  -               -          -          -          -          -         -         -");
    }

    @Test
    void followsTargetsThatComeAndGo() {
        board.follow(List.of(
                reading("two", "tgi", 1L, 0L, null, null, null), reading("three", "vllm", 2L, 0L, null, null, null)));

        assertThat(board.lines(120))
                .extracting(WatchBoard.Line::text)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("tgi     two "),
                        line -> assertThat(line).startsWith("vllm    three "));
    }

    @Test
    void drawsTheHistoryOfEachNumber() {
        board.add(reading("one:8000", "vllm", 1L, 0L, 0.25, null, null));
        board.add(reading("one:8000", "vllm", 4L, 0L, 1.0, 12.5, null));

        assertThat(board.lines(124).get(0).text())
                .isEqualTo(
                        "vllm    one:8000  UP       0.5 s           4  ▂█         0  ▁▁     100 %  ▂█      12.5   █         2    0.25 s    0.01 s");
    }

    @Test
    void showsTheErrorOfATargetThatIsDownAndGoesOnWithTheOthers() {
        board.add(reading("one:8000", "vllm", 1L, 0L, 0.25, 10.0, null));
        board.add(reading("two", "tgi", null, null, null, null, "Could not reach it."));

        assertThat(board.lines(200).get(1).text()).isEqualTo("tgi     two       DOWN     0.5 s    Could not reach it.");
        assertThat(board.lines(200).get(0).text()).contains(" 25 % ");
        assertThat(board.lines(200).get(0).isDown()).isFalse();
        assertThat(board.lines(200).get(1).isDown()).isTrue();
    }

    @Test
    void sumsUpEachModel() {
        board.add(reading("one:8000", "vllm", 3L, 0L, 0.25, 10.0, null));
        board.add(reading("two", "tgi", 1L, null, null, 2.5, null));

        assertThat(board.models())
                .containsExactly(
                        "m: 2 of 2 up, running 4, waiting 0, KV usage at most 25 %, requests/s 4, tokens/s 12.5");
    }

    @Test
    void leavesTargetsThatAreGoneOutOfTheSums() {
        board.add(reading("one:8000", "vllm", 3L, 0L, 0.25, 10.0, null));
        board.add(reading("two", "tgi", 7L, 5L, 0.9, 2.5, "Could not reach it."));

        assertThat(board.models())
                .containsExactly(
                        "m: 1 of 2 up, running 3, waiting 0, KV usage at most 25 %, requests/s 2, tokens/s 10");
    }

    @Test
    void takesANewAgeWithoutAPlaceInTheHistory() {
        board.add(reading("one:8000", "vllm", 4L, 0L, 1.0, 12.5, null));
        String before = board.lines(124).get(0).text();
        board.refresh(reading("one:8000", "vllm", 4L, 0L, 1.0, 12.5, null));

        assertThat(board.lines(124).get(0).text()).isEqualTo(before);
    }

    @Test
    void ordersByANumberWithTheUnknownLast() {
        WatchBoard sorted = new WatchBoard(List.of(ONE, TWO), WatchOrder.WAITING);
        sorted.add(reading("two", "tgi", 1L, 2L, null, null, null));
        assertThat(sorted.lines(120).get(0).text()).startsWith("tgi ");
        sorted.add(reading("one:8000", "vllm", 1L, 7L, null, null, null));
        assertThat(sorted.lines(120).get(0).text()).startsWith("vllm ");
    }

    @Test
    void neverDrawsBeyondTheWidth() {
        board.add(reading("one:8000", "vllm", 1L, 0L, 0.25, 10.0, null));
        board.add(reading("two", "tgi", null, null, null, null, "x".repeat(300)));

        for (int width = 0; width < 300; width++) {
            int limit = width;
            assertThat(board.lines(width)).hasSize(2).allMatch(line -> Printable.width(line.text()) <= limit);
            assertThat(Printable.width(board.head(width))).isLessThanOrEqualTo(limit);
        }
    }

    private static Reading reading(
            String name,
            String engine,
            @Nullable Long running,
            @Nullable Long waiting,
            @Nullable Double kvUsage,
            @Nullable Double tokensPerSecond,
            @Nullable String error) {
        TargetState state = error == null ? TargetState.UP : TargetState.DOWN;
        return new Reading(
                name,
                engine,
                "m",
                Instant.EPOCH,
                state,
                Duration.ofMillis(500),
                running,
                waiting,
                kvUsage,
                2.0,
                tokensPerSecond,
                0.25,
                0.01,
                error,
                Map.of(),
                Map.of());
    }
}
