package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.parser.FamilyFilter;
import io.inferometer.parser.PageParser;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a part of a page is asked for, and when it is believed. */
class PartialProofTest {
    private static final String BUSY = "running{e=\"0\"} 2\nprocess_start_time_seconds 5\n";
    private static final String IDLE = "running{e=\"0\"} 0\nprocess_start_time_seconds 5\n";
    private static final String TWO = "running{e=\"0\"} 2\nrunning{e=\"1\"} 1\nprocess_start_time_seconds 5\n";
    private static final String OTHER = "tokens_total 7\n";
    private static final Instant START = Instant.ofEpochSecond(5);

    private long now;
    private final PartialProof proof = new PartialProof(
            new Wanted(
                    FamilyFilter.ofFamilies(List.of("running", "lora", "process_start_time_seconds")),
                    Set.of("running", "lora", "process_start_time_seconds")),
            () -> now);

    @Test
    void aWholePageComesFirst() {
        assertThat(proof.mayAsk()).isFalse();
        sawWhole(BUSY + OTHER);
        assertThat(proof.mayAsk()).isTrue();
        assertThat(proof.names()).containsExactlyInAnyOrder("running", "lora", "process_start_time_seconds");
    }

    @Test
    void aPageThatDoesNotTellItsStartIsNeverAskedForInPart() {
        SeriesSet.Recorder recorder = read(proof.ofWholePage(), "running 2\nother 1\n");
        proof.sawWhole(recorder.series(), null);
        assertThat(proof.mayAsk()).isFalse();
    }

    @Test
    void aPartHoldsExactlyTheWantedSeriesWhateverTheirValues() {
        sawWhole(BUSY + OTHER);
        assertThat(accepts(IDLE)).isTrue();
        assertThat(accepts(BUSY)).isTrue();
    }

    @Test
    void nothingIsNoPart() {
        sawWhole(BUSY + OTHER);
        assertThat(proof.accepts(read(proof.ofPart(), "").series(), null)).isFalse();
        assertThat(accepts("")).isFalse();
    }

    @Test
    void aPartWithSomethingElseIsNone() {
        sawWhole(BUSY + OTHER);
        assertThat(accepts(BUSY + OTHER)).isFalse();
    }

    @Test
    void aPartOfAnotherStartIsNone() {
        sawWhole(BUSY + OTHER);
        assertThat(proof.accepts(read(proof.ofPart(), BUSY).series(), Instant.ofEpochSecond(6)))
                .isFalse();
    }

    @Test
    void aSeriesMayBeAddedOnceAPartWasRight() {
        sawWhole(BUSY + OTHER);
        assertThat(accepts(TWO)).isFalse();
        assertThat(accepts(BUSY)).isTrue();
        assertThat(accepts(TWO)).isTrue();
        assertThat(accepts(BUSY)).as("a series went").isFalse();
    }

    @Test
    void aFamilyMayBeAddedOnceAPartWasRight() {
        sawWhole(BUSY + OTHER);
        assertThat(accepts(BUSY)).isTrue();
        assertThat(accepts(BUSY + "lora{running_lora_adapters=\"x\"} 1\n")).isTrue();
    }

    @Test
    void afterManyPartsAPageIsWhole() {
        sawWhole(BUSY);
        for (int i = 0; i < Attempts.SCRAPES_MAX; i++) {
            assertThat(proof.mayAsk()).as("part %d", i).isTrue();
            assertThat(accepts(i % 2 == 0 ? BUSY : IDLE)).isTrue();
        }
        assertThat(proof.mayAsk()).isFalse();
        sawWhole(BUSY);
        assertThat(proof.mayAsk()).isTrue();
    }

    @Test
    void afterMinutesAPageIsWhole() {
        sawWhole(BUSY);
        now += Attempts.TIME_MAX.toNanos() - 1;
        assertThat(proof.mayAsk()).isTrue();
        now++;
        assertThat(proof.mayAsk()).isFalse();
    }

    @Test
    void anErrorForgetsAll() {
        sawWhole(BUSY);
        assertThat(accepts(BUSY)).isTrue();
        proof.forget();
        assertThat(proof.mayAsk()).isFalse();
        sawWhole(BUSY);
        assertThat(accepts(TWO)).as("exact again").isFalse();
    }

    @Test
    void whatFailsIsTriedMoreAndMoreSeldom() {
        sawWhole(BUSY);
        int asked = 0;
        for (int i = 0; i < 2000; i++) {
            if (proof.mayAsk()) {
                asked++;
                proof.sawWholeAfter(null, null, whole(BUSY), START);
            } else {
                sawWhole(BUSY);
            }
        }
        assertThat(asked).isBetween(4, 14);
    }

    @Test
    void partsThatSayTheSameForLongAreComparedWithAWholePage() {
        sawWhole(IDLE);
        for (int i = 0; i <= PartialProof.SAME_PARTS_MAX; i++) {
            assertThat(proof.mayAsk()).isTrue();
            assertThat(accepts(IDLE)).isTrue();
        }
        assertThat(proof.mayAsk()).as("many, but not for long").isTrue();
        now += PartialProof.SAME_TIME_MAX.toNanos();
        assertThat(proof.mayAsk()).isFalse();

        sawWhole(IDLE);
        assertThat(proof.mayAsk()).as("the engine is idle").isTrue();
        assertThat(accepts(IDLE)).isTrue();
    }

    @Test
    void anAnswerOutOfACacheIsNotBelieved() {
        sawWhole(IDLE);
        saidIdleForLong();
        sawWhole(BUSY);
        assertThat(proof.mayAsk()).isTrue();
        assertThat(accepts(IDLE)).as("still what it said before").isFalse();
        proof.sawWholeAfter(read(proof.ofPart(), IDLE).series(), START, whole(BUSY), START);
        assertThat(accepts(IDLE)).isFalse();
        assertThat(accepts(BUSY)).as("the cache let go of it").isTrue();
        assertThat(accepts(IDLE)).as("and the engine got idle").isTrue();
    }

    @Test
    void anEngineThatWasIdleBusyAndIdleAgainIsBelieved() {
        sawWhole(IDLE);
        saidIdleForLong();
        sawWhole(BUSY);
        assertThat(accepts(IDLE)).isFalse();
        proof.sawWholeAfter(read(proof.ofPart(), IDLE).series(), START, whole(IDLE), START);
        assertThat(proof.mayAsk()).isTrue();
        assertThat(accepts(IDLE)).isTrue();
    }

    private void saidIdleForLong() {
        for (int i = 0; i <= PartialProof.SAME_PARTS_MAX; i++) {
            assertThat(accepts(IDLE)).isTrue();
            now += Duration.ofSeconds(1).toNanos();
        }
        assertThat(proof.mayAsk()).isFalse();
    }

    private void sawWhole(String page) {
        proof.sawWhole(whole(page), START);
    }

    private SeriesSet whole(String page) {
        return read(proof.ofWholePage(), page).series();
    }

    private boolean accepts(String part) {
        return proof.accepts(read(proof.ofPart(), part).series(), START);
    }

    private static SeriesSet.Recorder read(SeriesSet.Recorder recorder, String page) {
        recorder.begin();
        new PageParser().parse(page.getBytes(StandardCharsets.UTF_8), recorder);
        return recorder;
    }
}
