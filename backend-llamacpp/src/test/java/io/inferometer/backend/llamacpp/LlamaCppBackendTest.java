package io.inferometer.backend.llamacpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.inferometer.backend.llamacpp.LlamaCppSlots.Slot;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.testkit.GoldenPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaCppBackendTest {
    private static final Path PAGES = Path.of("src/test/resources/pages/llamacpp");

    private final LlamaCppBackend backend = new LlamaCppBackend();

    @Test
    void readsTheCommonWordsOfABusyServer() {
        EngineMetrics metrics = own("busy").metrics();
        assertThat(metrics.load()).isEqualTo(new EngineMetrics.Load(1L, 0L, null, null, null, null));
        assertThat(metrics.requests()).isEqualTo(new EngineMetrics.Requests(null, null, null, null, Map.of()));
        assertThat(metrics.tokens()).isEqualTo(new EngineMetrics.Tokens(1000L, 1234570L, 200L));
        assertThat(metrics.cache()).isEqualTo(new EngineMetrics.Cache(null, null, null, null, 200L, 1000L, 0.2));
        assertThat(metrics.speculation()).isEqualTo(new EngineMetrics.Speculation(20L, 40L, 30L));
        assertThat(metrics.latency())
                .isEqualTo(new EngineMetrics.Latency(null, null, null, null, null, null, null, null));
        assertThat(metrics.models()).containsExactly(ModelInfo.named("tiny", 2048L));
    }

    @Test
    void readsItsOwnWordsOfABusyServer() {
        LlamaCppSnapshot busy = own("busy");
        assertThat(busy.request()).isEqualTo(new LlamaCppSnapshot.Request(1L, 0L));
        assertThat(busy.token()).isEqualTo(new LlamaCppSnapshot.Token(800L, 200L, 1234570L, 2.5, 3600.75, 1900L));
        assertThat(busy.throughput()).isEqualTo(new LlamaCppSnapshot.Throughput(320.0, 41.5, 999999L, 1.25));
        assertThat(busy.cache()).isEqualTo(new LlamaCppSnapshot.Cache(null, null));
        assertThat(busy.speculation())
                .isEqualTo(new LlamaCppSnapshot.Speculation(20L, 40L, 30L, Map.of("0", 18L, "1", 11L, "10", 1L)));
        assertThat(busy.speculation().acceptedTokensByPosition().keySet()).containsExactly("0", "1", "10");
        assertThat(busy.header().engineVersion()).isEqualTo("b10434-0123abc");
    }

    @Test
    void countsOnlyBusySlotsAsUsed() {
        LlamaCppSlots slots = own("busy").slots();
        assertThat(slots).isNotNull();
        assertThat(slots.total()).isEqualTo(3);
        assertThat(slots.busy()).isEqualTo(1);
        assertThat(slots.contextTokens()).isEqualTo(6144);
        assertThat(slots.usedTokens()).isEqualTo(512);
        assertThat(slots.kvUsageEstimate()).isEqualTo(512.0 / 6144.0);
        assertThat(slots.decodedTokens()).isEqualTo(112);
        assertThat(slots.each())
                .containsExactly(
                        new Slot(0L, 2048L, true, 512L, 100L, 300L, 112L),
                        new Slot(1L, 2048L, false, 900L, 0L, 0L, 64L),
                        new Slot(2L, 2048L, false, null, null, null, null));
    }

    @Test
    void readsThePropsOfABusyServer() {
        assertThat(own("busy").props())
                .isEqualTo(new LlamaCppProps("tiny", "/models/tiny-q4.gguf", 2048L, 3L, "b10434-0123abc"));
    }

    @Test
    void readsAnOldBuild() {
        LlamaCppSnapshot old = own("old-b5000");
        assertThat(old.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(300L, 120L, null));
        assertThat(old.metrics().cache())
                .isEqualTo(new EngineMetrics.Cache(0.205078, null, null, null, null, null, null));
        assertThat(old.cache()).isEqualTo(new LlamaCppSnapshot.Cache(0.205078, 420L));
        assertThat(old.token().tokensMax()).isEqualTo(420);
        assertThat(old.throughput().busySlotsPerDecode()).isNull();
        assertThat(old.metrics().load()).isEqualTo(new EngineMetrics.Load(0L, null, null, null, null, null));
        assertThat(old.provenance())
                .containsEntry(
                        "tokens.prompt",
                        new Provenance(
                                "llamacpp:prompt_tokens_total",
                                1,
                                "without cached tokens, which this build does not count"));
    }

    @Test
    void readsAPageThatIsOneJsonString() {
        LlamaCppSnapshot wrapped = own("one-json-string");
        assertThat(wrapped.metrics().load()).isEqualTo(new EngineMetrics.Load(2L, 1L, null, null, null, null));
        assertThat(wrapped.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(300L, 120L, null));
        assertThat(wrapped.header().unreadableLines()).isZero();
    }

    @Test
    void leavesAPageThatIsTextAsItIs() throws IOException {
        Buffer body = new Buffer().writeUtf8("llamacpp:requests_processing 1\n");
        assertThat(backend.unwrap(body)).isSameAs(body);
        assertThat(backend.unwrap(new Buffer()).exhausted()).isTrue();
    }

    @Test
    void leavesABodyThatBrokeToWhoeverReadsOn() throws IOException {
        BufferedSource broken = Okio.buffer((Source) new ForwardingSource(new Buffer()) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                throw new IOException("broken");
            }
        });
        assertThat(backend.unwrap(broken)).isSameAs(broken);
    }

    @Test
    void saysWhatItsNumbersCount() {
        String both = "plus llamacpp:prompt_tokens_cached_total";
        assertThat(own("busy").provenance())
                .containsEntry("tokens.prompt", new Provenance("llamacpp:prompt_tokens_total", 2, both))
                .containsEntry("cache.prefix_queries", new Provenance("llamacpp:prompt_tokens_total", 2, both))
                .containsEntry(
                        "cache.hit_rate", new Provenance("llamacpp:prompt_tokens_total", 2, both + "; hits / queries"))
                .containsEntry(
                        "tokens.generated",
                        new Provenance(
                                "llamacpp:tokens_predicted_total",
                                1,
                                "six significant digits; moves when a request ends"))
                .containsEntry("tokens.cached_prompt", new Provenance("llamacpp:prompt_tokens_cached_total", 1, null));
    }

    @Test
    void hasNoHitRateBeforeTheFirstPrompt() {
        LlamaCppSnapshot fresh = read("llamacpp:prompt_tokens_total 0\nllamacpp:prompt_tokens_cached_total 0\n");
        assertThat(fresh.metrics().tokens().prompt()).isZero();
        assertThat(fresh.metrics().cache()).isEqualTo(new EngineMetrics.Cache(null, null, null, null, 0L, 0L, null));
    }

    @Test
    void doesNotTakeHalfAPageForAnOldBuild() {
        GoldenPage page =
                GoldenPage.of("page", "llamacpp:prompt_tokens_total 800\nllamacpp:prompt_tokens_cached_total 2");
        assertThat(page.cutAfter(page.bytes().length).readBy(backend).metrics().tokens())
                .isEqualTo(new EngineMetrics.Tokens(null, null, null));
    }

    @Test
    void leavesOutAPromptCountThatIsNone() {
        LlamaCppSnapshot odd = read("llamacpp:prompt_tokens_total NaN\nllamacpp:prompt_tokens_cached_total 7\n");
        assertThat(odd.metrics().tokens()).isEqualTo(new EngineMetrics.Tokens(null, null, 7L));
        assertThat(odd.metrics().cache().hitRate()).isNull();
    }

    @Test
    void leavesOutAUsageThatIsNoRatio() {
        LlamaCppSnapshot odd = read("llamacpp:kv_cache_usage_ratio 1.5\n");
        assertThat(odd.metrics().cache().kvUsage()).isNull();
        assertThat(odd.cache().kvCacheUsageRatio()).isEqualTo(1.5);
        assertThat(odd.provenance().get("cache.kv_usage"))
                .isEqualTo(new Provenance("llamacpp:kv_cache_usage_ratio", 1, "out of range 0..1"));
    }

    @Test
    void namesTheModelThatARouterWasAskedFor() throws IOException {
        GoldenPage page =
                GoldenPage.of("router", "llamacpp:requests_processing 0\n").withQuery("model", "smol-a");
        LlamaCppSnapshot alone = page.readBy(backend);
        assertThat(alone.metrics().models()).containsExactly(ModelInfo.named("smol-a", null));
        assertThat(alone.provenance().get("models")).isEqualTo(new Provenance("query parameter model", 1, null));
        LlamaCppSnapshot withProps = page.withAnswer("props", Files.readAllBytes(PAGES.resolve("busy/props.json")))
                .readBy(backend);
        assertThat(withProps.metrics().models()).containsExactly(ModelInfo.named("smol-a", 2048L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"model_alias":"a","model_path":"/m/b.gguf"}   | a      | /props model_alias
                    {"model_alias":"","model_path":"/m/b.gguf"}    | b.gguf | /props model_path
                    {"model_path":"C:\\\\m\\\\b.gguf"}             | b.gguf | /props model_path
                    {"model_path":"b.gguf"}                        | b.gguf | /props model_path
                    """)
    void namesTheModelByItsProps(String props, String name, String source) {
        LlamaCppSnapshot snapshot = withAnswer("props", props);
        assertThat(snapshot.metrics().models()).containsExactly(ModelInfo.named(name, null));
        assertThat(snapshot.provenance().get("models")).isEqualTo(new Provenance(source, 1, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"model_alias\":null,\"model_path\":7,\"default_generation_settings\":[{\"n_ctx\":1}],\"total_slots\":-1}",
                "{\"model_path\":\"/models/\"}",
                "{\"default_generation_settings\":null,\"build_info\":{\"commit\":\"abc\"}}",
                "{\"default_generation_settings\":{\"n_ctx\":\"2048\"},\"total_slots\":2.5}",
                "{\"total_slots\":99999999999999999999}",
                "{\"total_slots\":1000000000000001}"
            })
    void doesWithoutPropsThatSayNothing(String props) {
        LlamaCppSnapshot snapshot = withAnswer("props", props);
        assertThat(snapshot.metrics().models()).isEmpty();
        assertThat(snapshot.header().engineVersion()).isNull();
        assertThat(snapshot.props()).isNotNull();
        assertThat(snapshot.props().contextLength()).isNull();
        assertThat(snapshot.props().totalSlots()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "<html>", "{\"total_slots\":2", "{\"default_generation_settings\":{"})
    void doesWithoutPropsThatAreNone(String props) {
        assertThat(withAnswer("props", props).props()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "null",
                "[1]",
                "[{},[]]",
                "[{\"id\":0}",
                "[{\"next_token\":[{\"n_decoded\":1}",
                "{\"error\":{\"code\":501}}"
            })
    void doesWithoutSlotsThatAreNone(String slots) {
        LlamaCppSnapshot snapshot = withAnswer("slots", slots);
        assertThat(snapshot.slots()).isNull();
        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(1);
    }

    @Test
    void addsUpNothingThatASlotLeavesOut() {
        LlamaCppSlots slots = slots("[{\"n_ctx\":100,\"is_processing\":true},{\"is_processing\":false}]");
        assertThat(slots.total()).isEqualTo(2);
        assertThat(slots.busy()).isEqualTo(1);
        assertThat(slots.contextTokens()).isNull();
        assertThat(slots.usedTokens()).isNull();
        assertThat(slots.kvUsageEstimate()).isNull();
        assertThat(slots.decodedTokens()).isNull();
    }

    @Test
    void doesNotKnowWhoIsBusyWhereASlotDoesNotSay() {
        LlamaCppSlots slots = slots("[{\"n_ctx\":100,\"is_processing\":\"yes\"}]");
        assertThat(slots.busy()).isNull();
        assertThat(slots.usedTokens()).isNull();
        assertThat(slots.decodedTokens()).isNull();
        assertThat(slots.contextTokens()).isEqualTo(100);
    }

    @Test
    void readsNextTokenOfOlderBuildsToo() {
        LlamaCppSlots slots = slots("""
                [{"n_ctx":100,"is_processing":true,"n_prompt_tokens":250,"next_token":{"n_decoded":9,"x":[1]}},
                 {"n_ctx":100,"is_processing":false,"next_token":[7,[8],{"y":1}]}]
                """);
        assertThat(slots.decodedTokens()).isEqualTo(9);
        assertThat(slots.kvUsageEstimate()).isEqualTo(1.0); // Never more than all.
        assertThat(slots.each().get(1).decodedTokens()).isNull();
    }

    @Test
    void knowsAServerWithoutSlots() {
        LlamaCppSlots none = slots("[]");
        assertThat(none.total()).isZero();
        assertThat(none.busy()).isZero();
        assertThat(none.kvUsageEstimate()).isNull();
    }

    @Test
    void readsNoEndlessListOfSlots() {
        assertThat(slots(list(LlamaCppSlots.SLOTS_MAX)).total()).isEqualTo(LlamaCppSlots.SLOTS_MAX);
        assertThat(LlamaCppSlots.read(list(LlamaCppSlots.SLOTS_MAX + 1).getBytes(UTF_8)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    501 | Start it with `--metrics` for metrics | Start llama-server with --metrics.
                    501 | something else                        |
                    503 | {"message":"Loading model"}           | The model is still loading; try again in a moment.
                    503 | overloaded                            |
                    400 | model name is missing from            | This is a llama.cpp router: name a model in the URL, …/metrics?model=NAME&autoload=false.
                    400 | model is not loaded                   | Load the model first, or leave out autoload=false to let the scrape load it.
                    400 | bad request                           |
                    401 | {"type":"authentication_error"}       | Send the server's --api-key: withBearerToken(...).
                    401 | who are you                           |
                    404 | not found                             |
                    """)
    void saysWhatToDoAboutARefusal(int status, String body, String remedy) {
        assertThat(backend.remedy(status, body)).isEqualTo(remedy);
    }

    private static String list(int slots) {
        return "[" + "{},".repeat(slots - 1) + "{}]";
    }

    private static LlamaCppSlots slots(String json) {
        LlamaCppSlots slots = LlamaCppSlots.read(json.getBytes(UTF_8));
        assertThat(slots).isNotNull();
        return slots;
    }

    private LlamaCppSnapshot withAnswer(String endpoint, String json) {
        return GoldenPage.of("page", "llamacpp:requests_processing 1\n")
                .withAnswer(endpoint, json)
                .readBy(backend);
    }

    private LlamaCppSnapshot read(String page) {
        return GoldenPage.of("page", page).readBy(backend);
    }

    private LlamaCppSnapshot own(String name) {
        Path folder = PAGES.resolve(name);
        return GoldenPage.read(Files.isDirectory(folder) ? folder : PAGES.resolve(name + ".prom"))
                .readBy(backend);
    }
}
