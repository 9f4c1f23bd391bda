package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a handler can ask of the view. */
class SampleTest {
    @Test
    void answersAboutTheName() {
        see("vllm:num_requests_running 1", sample -> {
            assertThat(sample.name()).isEqualTo("vllm:num_requests_running");
            assertThat(sample.nameIs("vllm:num_requests_running")).isTrue();
            assertThat(sample.nameIs("vllm:num_requests_runnin")).isFalse();
            assertThat(sample.nameIs("vllm:num_requests_running_")).isFalse();
            assertThat(sample.nameStartsWith("vllm:")).isTrue();
            assertThat(sample.nameStartsWith("")).isTrue();
            assertThat(sample.nameStartsWith("sglang:")).isFalse();
            assertThat(sample.nameLength()).isEqualTo(25);
            assertThat(sample.nameByte(4)).isEqualTo((byte) ':');
            assertThatThrownBy(() -> sample.nameByte(25)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> sample.nameByte(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        });
    }

    @Test
    void answersAboutANameThatIsNotAscii() {
        see("{\"é.日本\\n\"} 1", sample -> {
            assertThat(sample.name()).isEqualTo("é.日本\n");
            assertThat(sample.nameIs("é.日本\n")).isTrue();
            assertThat(sample.nameIs("é.日x\n")).isFalse();
            assertThat(sample.nameIs("é.日本\nlonger than the name")).isFalse();
            assertThat(sample.nameStartsWith("é")).isTrue();
            assertThat(sample.nameStartsWith("日")).isFalse();
            assertThat(sample.nameLength()).isEqualTo("é.日本\n".getBytes(StandardCharsets.UTF_8).length);
        });
    }

    @Test
    void answersAboutLabels() {
        see("a{engine=\"0\",model_name=\"meta/Llama\",le=\"0.5\",path=\"C:\\\\dir\\n\",\"é\"=\"日\"} 1", sample -> {
            assertThat(sample.labelCount()).isEqualTo(5);
            assertThat(sample.labelName(1)).isEqualTo("model_name");
            assertThat(sample.labelValue(1)).isEqualTo("meta/Llama");
            assertThat(sample.labelNameIs(1, "model_name")).isTrue();
            assertThat(sample.labelNameIs(1, "model")).isFalse();
            assertThat(sample.labelValueIs(1, "meta/Llama")).isTrue();
            assertThat(sample.labelValueIs(1, "meta/llama")).isFalse();
            assertThat(sample.labelValue(3)).isEqualTo("C:\\dir\n");
            assertThat(sample.labelValueIs(3, "C:\\dir\n")).isTrue();
            assertThat(sample.labelValueIs(3, "C:\\\\dir\\n")).isFalse();
            assertThat(sample.labelIndex("le")).isEqualTo(2);
            assertThat(sample.labelIndex("é")).isEqualTo(4);
            assertThat(sample.labelIndex("none")).isEqualTo(-1);
            assertThat(sample.label("engine")).isEqualTo("0");
            assertThat(sample.label("é")).isEqualTo("日");
            assertThat(sample.label("none")).isNull();
            assertThatThrownBy(() -> sample.labelName(5))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("Label 5 of 5");
            assertThatThrownBy(() -> sample.labelValue(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        });
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0.5", "+Inf, Infinity", "1e-3, 0.001", "-2, -2"})
    void readsALabelAsANumber(String text, double number) {
        see("a{le=\"" + text + "\"} 1", sample -> {
            assertThat(sample.labelIsDouble(0)).isTrue();
            assertThat(sample.labelDouble(0)).isEqualTo(number);
        });
    }

    @ParameterizedTest
    @CsvSource({"x", "''", "0x1", "1e400", "1f"})
    void saysThatALabelIsNoNumber(String text) {
        see("a{le=\"" + text + "\"} 1", sample -> {
            assertThat(sample.labelIsDouble(0)).isFalse();
            assertThat(sample.labelDouble(0)).isNaN();
        });
    }

    @Test
    void answersAboutValueTimeAndPlace() {
        see("a -1.5 1395066363000", sample -> {
            assertThat(sample.value()).isEqualTo(-1.5);
            assertThat(sample.hasTimestamp()).isTrue();
            assertThat(sample.timestampMs()).isEqualTo(1395066363000L);
            assertThat(sample.line()).isEqualTo(1);
            assertThat(sample.hasExemplar()).isFalse();
            assertThat(sample.exemplarValue()).isNaN();
            assertThat(sample.exemplarLabelCount()).isZero();
            assertThat(sample.hasExemplarTimestamp()).isFalse();
            assertThat(sample.exemplarTimestampMs()).isZero();
            assertThat(sample).hasToString("a -1.5");
        });
        see("a 1", sample -> {
            assertThat(sample.hasTimestamp()).isFalse();
            assertThat(sample.timestampMs()).isZero();
        });
    }

    @Test
    void answersAboutAnExemplar() {
        see("a_bucket{le=\"1\"} 5 # {trace_id=\"a\\\"b\",span=\"c\"} 0.5 1520879607.789", sample -> {
            assertThat(sample.hasExemplar()).isTrue();
            assertThat(sample.exemplarValue()).isEqualTo(0.5);
            assertThat(sample.hasExemplarTimestamp()).isTrue();
            assertThat(sample.exemplarTimestampMs()).isEqualTo(1520879607789L);
            assertThat(sample.exemplarLabelCount()).isEqualTo(2);
            assertThat(sample.exemplarLabelName(0)).isEqualTo("trace_id");
            assertThat(sample.exemplarLabelValue(0)).isEqualTo("a\"b");
            assertThatThrownBy(() -> sample.exemplarLabelName(2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThat(sample.labelCount()).isEqualTo(1);
            assertThat(sample).hasToString("a_bucket{le=\"1\"} 5.0");
        });
    }

    @Test
    void whatOneLineHadTheNextHasNot() {
        List<String> seen = new ArrayList<>();
        new PageParser()
                .parse(
                        Recording.bytes("a{x=\"1\"} 1 5 # {t=\"x\"} 0.5 1\na{x=\"1\"} 2\na 3\n"),
                        sample -> seen.add(
                                sample.labelCount() + " " + sample.hasTimestamp() + " " + sample.hasExemplar()));

        assertThat(seen).containsExactly("1 true true", "1 false false", "0 false false");
    }

    @Test
    void saysWhenANameGoesOn() {
        String page = """
                a 1
                a{x="1"} 1
                a{x="2"} 1
                # a comment
                a{x="2"} 1
                b{x="2"} 1
                a-b 1
                b  1
                {"b"} 1
                bb 1
                b 1
                """;
        List<Boolean> same = new ArrayList<>();
        new PageParser().parse(Recording.bytes(page), sample -> same.add(sample.sameNameAsPrevious()));

        assertThat(same).containsExactly(false, true, true, true, false, true, true, false, false);
    }

    @Test
    void theFirstSampleOfAPageFollowsNone() {
        PageParser parser = new PageParser();
        List<Boolean> same = new ArrayList<>();
        parser.parse(Recording.bytes("a 1\n"), sample -> same.add(sample.sameNameAsPrevious()));
        parser.parse(Recording.bytes("a 1\n"), sample -> same.add(sample.sameNameAsPrevious()));

        assertThat(same).containsExactly(false, false);
    }

    @Test
    void equalNamesHaveEqualHashes() {
        List<Integer> hashes = new ArrayList<>();
        String page = "a_name_of_some_length{x=\"1\"} 1\n{\"a_name_of_some_length\"} 1\na_name_of_some_lengtH 1\na 1\n";
        new PageParser().parse(Recording.bytes(page), sample -> hashes.add(sample.nameHash()));

        assertThat(hashes.get(0))
                .isEqualTo(hashes.get(1))
                .isNotEqualTo(hashes.get(2))
                .isNotEqualTo(hashes.get(3));
    }

    @ParameterizedTest
    @CsvSource({
        "TEXT, histogram, h_bucket, HISTOGRAM",
        "TEXT, histogram, h_sum, HISTOGRAM",
        "TEXT, histogram, h_count, HISTOGRAM",
        "TEXT, histogram, h, HISTOGRAM",
        "TEXT, histogram, h_created, UNKNOWN",
        "TEXT, summary, h_sum, SUMMARY",
        "TEXT, summary, h_bucket, UNKNOWN",
        "TEXT, counter, h_total, UNKNOWN",
        "TEXT, gauge, h_count, UNKNOWN",
        "TEXT, gauge, hh, UNKNOWN",
        "TEXT, gauge, _count, UNKNOWN",
        "OPENMETRICS, counter, h_total, COUNTER",
        "OPENMETRICS, counter, h_created, COUNTER",
        "OPENMETRICS, histogram, h_created, HISTOGRAM",
        "OPENMETRICS, summary, h_count, SUMMARY",
        "OPENMETRICS, gaugehistogram, h_bucket, GAUGEHISTOGRAM",
        "OPENMETRICS, gaugehistogram, h_gsum, GAUGEHISTOGRAM",
        "OPENMETRICS, gaugehistogram, h_gcount, GAUGEHISTOGRAM",
        "OPENMETRICS, info, h_info, INFO",
        "OPENMETRICS, stateset, h, STATESET",
        "OPENMETRICS, gauge, h_total, UNKNOWN"
    })
    void aSeriesHasTheTypeOfItsFamily(PageFormat format, String word, String name, MetricType type) {
        List<MetricType> types = new ArrayList<>();
        new PageParser(ParserOptions.defaults().withFormat(format))
                .parse(
                        Recording.bytes("# TYPE h " + word + "\n" + name + " 1\n" + name + " 2\n"),
                        sample -> types.add(sample.type()));

        assertThat(types).containsExactly(type, type);
    }

    @Test
    void aNameOfItsOwnBeatsASuffix() {
        List<MetricType> types = new ArrayList<>();
        new PageParser()
                .parse(
                        Recording.bytes("# TYPE h histogram\n# TYPE h_count gauge\nh_count 1\n"),
                        sample -> types.add(sample.type()));

        assertThat(types).containsExactly(MetricType.GAUGE);
    }

    /** Parses one line and shows it. */
    private static void see(String line, Consumer<Sample> look) {
        assertThat(new PageParser()
                        .parse(Recording.bytes(line + "\n"), look::accept)
                        .samples())
                .isEqualTo(1);
    }
}
