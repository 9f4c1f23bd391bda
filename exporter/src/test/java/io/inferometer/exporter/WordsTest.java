package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            load.requests_running         | 3                                                            | 3
            load.asleep                   | false                                                        | false
            tokens.prompt                 | 123456789                                                    | 123456789
            cache.kv_usage                | 0.4231                                                       | 42.31 %
            cache.kv_usage                | 0                                                            | 0 %
            cache.hit_rate                | 1                                                            | 100 %
            memory.vram_bytes             | 512                                                          | 512 B
            memory.vram_bytes             | 6654289920                                                   | 6.197 GiB
            adapters.running_adapters     | []                                                           | none
            adapters.running_adapters     | ["a","b"]                                                    | a, b
            models                        | [{"name":"llama3:8b"},{"name":"qwen3"}]                      | llama3:8b, qwen3
            requests.by_reason            | {"length":3,"stop":40}                                       | length 3, stop 40
            latency.queue_seconds         | {"kind":"value","mean":0.025}                                | mean 25 ms
            latency.queue_seconds         | {"kind":"histogram","count":4,"sum":6,"mean":1.5,"p50":0.00025,"p99":2} | count 4, mean 1.5 s, p50 250 µs, p99 2 s
            x.predicted_tokens_seconds    | 50.5                                                         | 50.5
            size.prompt_tokens            | {"kind":"histogram","count":4,"sum":50,"mean":12.5}          | count 4, mean 12.5
            latency.queue_seconds         | {"kind":"histogram"}                                         | histogram
            """)
    void saysAFieldOfTheCommonWords(String path, String json, String words) throws JsonProcessingException {
        assertThat(Words.common(path, new ObjectMapper().readTree(json))).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0          | 0
            12345.678  | 12345.7
            99.999     | 100
            12.345     | 12.35
            1.2345     | 1.235
            0.012345   | 0.012345
            0.00001234 | 1.23e-05
            1e20       | 1.00e+20
            -2.5       | -2.5
            """)
    void roundsToWhatIsRead(double value, String words) {
        assertThat(Words.rounded(value)).isEqualTo(words);
    }
}
