package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamilyFilterTest {
    @ParameterizedTest
    @CsvSource({
        "vllm:num_requests_running, vllm:num_requests_running, true",
        "vllm:num_requests_running, vllm_num_requests_running, true",
        "vllm_num_requests_running, vllm:num_requests_running, true",
        "vllm:num_requests_running, ray_vllm_num_requests_running, true",
        "ray_vllm_x, vllm:x, true",
        "vllm:num_requests_running, vllm:num_requests_waiting, false",
        "vllm:num_requests_running, vllm:num_requests_runnin, false",
        "vllm:num_requests_running, vllm:num_requests_running2, false",
        "vllm:prompt_tokens, vllm:prompt_tokens_total, true",
        "vllm:prompt_tokens_total, vllm:prompt_tokens, true",
        "vllm:prompt_tokens_total, vllm:prompt_tokens_created, true",
        "vllm:e2e, vllm:e2e_bucket, true",
        "vllm:e2e, vllm:e2e_sum, true",
        "vllm:e2e, vllm:e2e_count, true",
        "vllm:e2e, vllm:e2e_created, true",
        "vllm:e2e, ray_vllm_e2e_bucket, true",
        "vllm:e2e, vllm:e2e_buckets, false",
        "vllm:e2e_bucket, vllm:e2e, false",
        "tgi_request_count, tgi_request_count, true",
        "tgi_request_count, tgi_request, false",
        "ray_, ray_, true",
        "_total, _total, true",
        "é.x, é.x, true",
        "é.x, é.x_total, true",
        "é.x, e.x, false",
        "'', '', true",
        "'', a, false"
    })
    void wants(String family, String name, boolean wanted) {
        assertThat(FamilyFilter.ofFamilies(List.of(family)).wants(name)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "vllm:e2e, vllm:e2e_bucket, false",
        "vllm:e2e, ray_vllm_e2e_bucket, false",
        "vllm:e2e, vllm:e2e_sum, true",
        "vllm:e2e, vllm_e2e_count, true",
        "vllm:e2e, vllm:e2e_created, true",
        "vllm:e2e, vllm:e2e, true",
        "vllm:tokens_total, vllm:tokens, true",
        "leaky_bucket, leaky_bucket, true",
        "leaky_bucket, leaky_bucket_total, true",
        "leaky_bucket, leaky_bucket_bucket, false"
    })
    void wantsNoBucketsWhereToldSo(String family, String name, boolean wanted) {
        FamilyFilter filter = FamilyFilter.ofFamilies(List.of(family)).withoutBuckets();

        assertThat(filter.wants(name)).isEqualTo(wanted);
        assertThat(filter.withoutBuckets().wants(name)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({"LENIENT", "PROMETHEUS"})
    void sumsAndCountsReachTheHandlerWithoutTheirBuckets(ParseMode mode) {
        String page = """
                # TYPE a histogram
                a_bucket{x="1",le="1"} 1
                a_bucket{x="1",le="+Inf"} 2
                a_sum{x="1"} 3
                a_count{x="1"} 2
                a_bucket{x="2",le="1"} 4
                a_sum{x="2"} 5
                """;
        ParserOptions options = ParserOptions.defaults()
                .withMode(mode)
                .withFilter(FamilyFilter.ofFamilies(List.of("a")).withoutBuckets());
        List<String> events = Recording.of(new PageParser(options), Recording.array(Recording.bytes(page)));

        assertThat(events)
                .containsExactly(
                        "TYPE a HISTOGRAM",
                        "4: a_sum{x=\"1\"} 3.0 histogram",
                        "5: a_count{x=\"1\"} 2.0 histogram",
                        "7: a_sum{x=\"2\"} 5.0 histogram",
                        "3 samples, 0 lines skipped, " + page.length() + " bytes []");
    }

    @Test
    void wantsNothingOfNothing() {
        assertThat(FamilyFilter.ofFamilies(List.of()).wants("a")).isFalse();
    }

    @Test
    void findsEachOfMany() {
        List<String> names =
                IntStream.range(0, 1000).mapToObj(i -> "family_" + i).toList();
        FamilyFilter filter = FamilyFilter.ofFamilies(names);

        assertThat(names).allMatch(filter::wants);
        assertThat(names).noneMatch(name -> filter.wants(name + "x"));
    }

    @ParameterizedTest
    @CsvSource({"LENIENT", "PROMETHEUS"})
    void onlyWantedFamiliesReachTheHandler(ParseMode mode) {
        String page = """
                # HELP a An a
                # TYPE a histogram
                a_bucket{le="1"} 1
                a_bucket{le="+Inf"} 2
                a_sum 3
                # HELP b A b
                # TYPE b counter
                b_total 4
                b_total{x="1"} 5
                bb 6
                {"b.c"} 7
                {"b",x="2"} 8
                  b_total{x="3"} 9
                a_sum 10
                """;
        ParserOptions options =
                ParserOptions.defaults().withMode(mode).withFilter(FamilyFilter.ofFamilies(List.of("b")));
        List<String> events = Recording.of(new PageParser(options), Recording.array(Recording.bytes(page)));

        assertThat(events)
                .containsExactly(
                        "HELP b A b",
                        "TYPE b COUNTER",
                        "8: b_total 4.0 unknown",
                        "9: b_total{x=\"1\"} 5.0 unknown same",
                        "12: b{x=\"2\"} 8.0 counter",
                        "13: b_total{x=\"3\"} 9.0 unknown",
                        "4 samples, 0 lines skipped, " + page.length() + " bytes []");
    }

    @Test
    void linesOfUnwantedFamiliesAreNotJudgedInLenientMode() {
        ParserOptions options = ParserOptions.defaults().withFilter(FamilyFilter.ofFamilies(List.of("b")));
        String page = "a x\na{y=\"\\xff\nb 1\nb x\na-b 1\n" + "c".repeat(200) + " 1\n" + "c".repeat(200) + " 1\n";

        ParseSummary summary = new PageParser(options).parse(Recording.bytes(page), sample -> {});

        assertThat(summary.samples()).isEqualTo(1);
        assertThat(summary.firstSkipped()).extracting(SkippedLine::line).containsExactly(4L);
    }

    /** Eight NULs were once taken for the beginning of a name that had been unwanted before. */
    @Test
    void aLineThatBeginsWithNulsHasNoNameThatCouldBeUnwanted() {
        ParserOptions options = ParserOptions.defaults().withFilter(FamilyFilter.ofFamilies(List.of("b")));
        byte[] page = Recording.bytes("\u0000".repeat(8) + " s\n" + "b 1\n".repeat(30));

        ParseSummary summary = new PageParser(options).parse(page, sample -> {});

        assertThat(summary.samples()).isEqualTo(30);
        assertThat(summary.firstSkipped()).extracting(SkippedLine::line).containsExactly(1L);
    }

    @Test
    void anUnwantedLineThatIsTooLongIsCountedLikeAnyOther() {
        ParserOptions options = ParserOptions.defaults()
                .withFilter(FamilyFilter.ofFamilies(List.of("b")))
                .withLineBytesMax(10);

        assertThat(new PageParser(options)
                        .parse(Recording.bytes("a{x=\"1\"} 1\na{x=\"1\"} 12\nb 1\n"), sample -> {})
                        .skippedLines())
                .isEqualTo(1);
    }
}
