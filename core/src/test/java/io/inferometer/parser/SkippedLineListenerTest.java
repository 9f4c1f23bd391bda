package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SkippedLineListenerTest {
    private static final byte[] PAGE =
            ("good 1\n" + "a-b 1\n".repeat(20) + "good 2\n").getBytes(StandardCharsets.UTF_8);

    @Test
    void hearsOfEachLineWhereTheSummaryExplainsTheFirstFew() {
        List<SkippedLine> heard = new ArrayList<>();
        ParseSummary summary = new PageParser().parse(PAGE, new SampleHandler() {
            @Override
            public void onSample(Sample sample) {}

            @Override
            public boolean wantsSkippedLines() {
                return true;
            }

            @Override
            public void onSkippedLine(SkippedLine line) {
                heard.add(line);
            }
        });

        assertThat(heard.stream().map(SkippedLine::line))
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 21).boxed().toList());
        assertThat(heard).startsWith(summary.firstSkipped().toArray(SkippedLine[]::new));
        assertThat(summary.firstSkipped()).hasSize(ParseSummary.EXPLAINED_MAX);
        assertThat(summary.skippedLines()).isEqualTo(20);
    }

    @Test
    void hearsNothingUnlessItAsks() {
        List<SkippedLine> heard = new ArrayList<>();
        ParseSummary summary = new PageParser().parse(PAGE, new SampleHandler() {
            @Override
            public void onSample(Sample sample) {}

            @Override
            public void onSkippedLine(SkippedLine line) {
                heard.add(line);
            }
        });

        assertThat(heard).isEmpty();
        assertThat(summary.skippedLines()).isEqualTo(20);
    }
}
