package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.Collectors;
import io.inferometer.collect.Target;
import io.inferometer.exporter.WatchedTarget.Reading;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchBoardTest {
    private final WatchedTarget one = watched("vllm", "http://one:8000");
    private final WatchedTarget two = watched("tgi", "http://two:8080/prefix/");
    private final WatchBoard board = new WatchBoard(List.of(one, two));

    @Test
    void showsAbsentNumbersBeforeTheFirstReading() {
        assertThat(board.lines(60))
                .containsExactly(
                        "engine  target            running    waiting   KV usage   t…",
                        "vllm    one:8000                -          -          -    …",
                        "tgi     two:8080/prefix         -          -          -    …");
    }

    @Test
    void drawsTheHistoryOfEachNumber() {
        board.add(new Reading(one, "vllm", Instant.EPOCH, 1L, 0L, 0.25, null, null));
        board.add(new Reading(one, "vllm", Instant.EPOCH, 4L, 0L, 1.0, 12.5, null));

        assertThat(board.lines(87).subList(0, 2))
                .containsExactly(
                        "engine  target            running        waiting       KV usage       tokens/s",
                        "vllm    one:8000                4   ▂█         0   ▁▁     100 %   ▂█      12.5    █");
    }

    @Test
    void showsTheErrorOfATargetThatIsDownAndGoesOnWithTheOthers() {
        board.add(new Reading(one, "vllm", Instant.EPOCH, 1L, 0L, 0.25, 10.0, null));
        board.add(new Reading(two, "tgi", Instant.EPOCH, null, null, null, null, "Could not reach it."));

        assertThat(board.lines(200).get(2)).isEqualTo("tgi     two:8080/prefix  Could not reach it.");
        assertThat(board.lines(200).get(1)).contains(" 25 % ");
        assertThat(board.isDown(0)).isFalse();
        assertThat(board.isDown(1)).isTrue();
    }

    @Test
    void neverDrawsBeyondTheWidth() {
        board.add(new Reading(one, "vllm", Instant.EPOCH, 1L, 0L, 0.25, 10.0, null));
        board.add(new Reading(two, "tgi", Instant.EPOCH, null, null, null, null, "x".repeat(300)));

        for (int width = 0; width < 300; width++) {
            int limit = width;
            assertThat(board.lines(width)).hasSize(3).allMatch(line -> Printable.width(line) <= limit);
        }
    }

    private static WatchedTarget watched(String engine, String url) {
        return new WatchedTarget(Collectors.forEngine(engine), Target.of(url));
    }
}
