package io.inferometer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.inferometer.Collectors;
import io.inferometer.snapshot.CommonView;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricSample;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.Page;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every {@link EngineBackend} promises. Extend it, name a backend and recordings of its engine.
 *
 * <p>Recordings of the module under test need a golden beside them; others (of {@link SharedFolder}) need none. Put
 * those into a class of their own: where the folder is missing, all that ask for it is skipped.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class EngineBackendContract {
    /** Pages that begin every engine's: each backend must know its own and refuse the others'. */
    private static final Map<String, String> FOREIGN = Map.of(
            "vllm", "vllm:num_requests_running{engine=\"0\",model_name=\"m\"} 1.0\n",
            "tgi", "tgi_queue_size 1\ntgi_batch_current_size 1\n",
            "sglang", "sglang:num_running_reqs{model_name=\"m\"} 1.0\nsglang:token_usage{model_name=\"m\"} 0.5\n",
            "llamacpp", "llamacpp:requests_processing 1\nllamacpp:requests_deferred 0\n",
            "ollama", "ollama_models_loaded 1\nollama_requests_queued 0\n",
            "tei", "te_queue_size 1\nte_request_count{method=\"single\"} 1\n",
            "lmdeploy", "lmdeploy:num_requests_running{engine=\"0\",model_name=\"m\"} 1.0\n",
            "triton", "nv_inference_request_success{model=\"m\",version=\"1\"} 1\n",
            "no engine", "process_start_time_seconds 1.7e+09\npython_info{version=\"3.12\"} 1.0\nacme_up 1\n");

    private static final List<String> NOT_THE_ENGINES = List.of("python_", "process_", "http_");

    /** For subclasses. */
    protected EngineBackendContract() {}

    /** The backend under test. */
    protected abstract EngineBackend<?> backend();

    /** Recordings of its engine, at least one. */
    protected abstract Stream<GoldenPage> pages();

    /**
     * Common fields that a cut page may say differently, because a rule reads another family where the cut took the
     * first; by default none: what a cut page says is what the whole page says, or nothing.
     */
    protected Set<CommonField> mayDifferWhenCut() {
        return EnumSet.noneOf(CommonField.class);
    }

    @Test
    void isFoundUnderItsName() {
        assertThat(ServiceLoader.load(EngineBackend.class))
                .extracting(found -> found.name() + " by " + found.getClass().getName())
                .contains(backend().name() + " by " + backend().getClass().getName());
        assertThat(Collectors.forEngine(backend().name().toUpperCase(Locale.ROOT))
                        .engine())
                .isEqualTo(backend().name());
        for (String alias : backend().aliases()) {
            assertThat(Collectors.forEngine(alias).engine()).isEqualTo(backend().name());
        }
    }

    @Test
    void introducesItself() {
        assertThat(backend().name()).matches("[a-z][a-z0-9]*");
        assertThat(backend().aliases()).allSatisfy(alias -> {
            assertThat(alias).isNotBlank().isEqualTo(alias.toLowerCase(Locale.ROOT));
            assertThat(alias).isNotEqualTo(backend().name());
        });
        assertThat(backend().title()).isNotBlank();
        assertThat(backend().versions()).isNotBlank();
        assertThat(backend().table().support().values())
                .allSatisfy(source -> assertThat(source).isNotBlank());
    }

    @Test
    void asksForEndpointsThatCanBeNamed() {
        List<Endpoint> endpoints = backend().endpoints();
        assertThat(endpoints).isNotEmpty();
        assertThat(endpoints)
                .extracting(Endpoint::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[a-z_]+"));
        assertThat(endpoints).extracting(Endpoint::path).allMatch(path -> path.startsWith("/"));
        assertThat(endpoints).extracting(Endpoint::need).contains(Endpoint.Need.REQUIRED);
    }

    @Test
    void refusesThePagesOfOthers() {
        FOREIGN.forEach((engine, text) -> {
            Page page = GoldenPage.of(engine, text).pageFor(backend());
            boolean own = engine.equals(backend().name());
            assertThat(backend().recognizes(page))
                    .as("recognizes a page of " + engine)
                    .isEqualTo(own);
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void recognizesItsOwnPage(GoldenPage page) {
        if (page.hasPage() && page.bytes().length > 0) {
            assertThat(backend().recognizes(page.pageFor(backend()))).isTrue();
            return;
        }
        if (page.hasPage()) {
            assertThat(backend().emptyPageIsFresh()).isTrue();
            return;
        }
        assertThat(backend().recognizesJson(requiredAnswer(page))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void readsTheRecordedPage(GoldenPage page) {
        String json = page.jsonBy(backend());
        page.updateGolden(json);
        assumeTrue(page.needsGolden(), "A page from elsewhere has no golden");
        assertThat(json).isEqualTo(page.golden());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void readsTheSameTwice(GoldenPage page) {
        EngineSnapshot first = page.readBy(backend());
        EngineSnapshot second = page.readBy(backend());
        assertThat(first).isEqualTo(second).hasSameHashCodeAs(second);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void readsTheSameOfATargetThatIsWatched(GoldenPage page) {
        assertThat(page.readAgainBy(backend())).isEqualTo(page.readBy(backend()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void tellsThePulseAsItTellsTheRest(GoldenPage page) {
        EngineMetrics pulse = page.readAgainBy(backend()).common().pulse();
        EngineMetrics all = page.readBy(backend()).metrics();
        assertThat(pulse.load().requestsRunning()).isEqualTo(all.load().requestsRunning());
        assertThat(pulse.load().requestsWaiting()).isEqualTo(all.load().requestsWaiting());
        assertThat(pulse.cache().kvUsage()).isEqualTo(all.cache().kvUsage());
        assertThat(pulse.requests().succeeded()).isEqualTo(all.requests().succeeded());
        assertThat(pulse.requests().failed()).isEqualTo(all.requests().failed());
        assertThat(pulse.tokens().prompt()).isEqualTo(all.tokens().prompt());
        assertThat(pulse.tokens().generated()).isEqualTo(all.tokens().generated());
        assertThat(pulse.events().preemptions()).isEqualTo(all.events().preemptions());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fillsTheHeader(GoldenPage page) {
        EngineSnapshot snapshot = page.readBy(backend());
        assertThat(snapshot.engine()).isEqualTo(backend().name());
        assertThat(snapshot.instanceId()).isEqualTo("engine:8000");
        assertThat(snapshot.collectedAt()).isEqualTo(GoldenPage.COLLECTED_AT);
        assertThat(snapshot.header().engineVersion()).isNotEqualTo("");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void givesWhatNobodyCanChange(GoldenPage page) {
        requireUnmodifiable(page.withRawMetrics().readBy(backend()), backend().title());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void writesJsonWithoutHolesInIt(GoldenPage page) {
        JsonNode json = Json.parse(page.withRawMetrics().jsonBy(backend()));
        requireNoHoles(json, "");
        assertThat(json.path("engine").asText()).isEqualTo(backend().name());
        assertThat(json.path("metrics").isObject()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void saysWhereEachCommonFieldCameFrom(GoldenPage page) {
        EngineSnapshot snapshot = page.readBy(backend());
        Map<String, Provenance> provenance = snapshot.provenance();
        Set<String> words = wordsOn(page);
        CommonValues.of(snapshot.metrics()).keySet().forEach(path -> {
            Provenance source = provenance.get(path);
            String family = source == null ? "" : source.family();
            assertThat(wordsOf(family))
                    .as("the source of %s: '%s'", path, family)
                    .anyMatch(words::contains);
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void fillsNoFieldThatItsTableDoesNotName(GoldenPage page) {
        Set<String> supported = new HashSet<>();
        backend().table().support().keySet().forEach(field -> supported.add(field.path()));
        assertThat(supported)
                .containsAll(CommonValues.of(page.readBy(backend()).metrics()).keySet());
    }

    @ParameterizedTest
    @MethodSource("pages")
    void keepsRawSamplesOnlyWhenAsked(GoldenPage page) {
        assertThat(page.readBy(backend()).rawMetrics()).isNull();
        List<MetricSample> raw = page.withRawMetrics().readBy(backend()).rawMetrics();
        if (page.hasPage()) {
            assertThat(raw).isNotNull().allSatisfy(sample -> {
                assertThat(NOT_THE_ENGINES).noneMatch(sample.name()::startsWith);
                assertThat(sample.name()).doesNotEndWith("_created");
                assertThat(sample.timestamp()).isNotNull();
            });
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void isNotDisturbedByFamiliesOfOthers(GoldenPage page) {
        assumeTrue(page.hasPage() && page.bytes().length > 0 && !endsWithoutNewline(page), "Nothing can follow");
        GoldenPage longer = page.followedBy("# TYPE acme_up gauge\nacme_up{a=\"b\"} 1\nacme_seen_total 5\n");
        assumeTrue(page.format() == longer.format(), "Nothing can follow # EOF");
        EngineSnapshot alone = page.readBy(backend());
        assertThat(longer.readBy(backend())).isEqualTo(alone);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void survivesAPageCutAnywhere(GoldenPage page) {
        Map<String, Object> whole = CommonValues.of(page.readBy(backend()).metrics());
        Set<String> free = new HashSet<>();
        mayDifferWhenCut().forEach(field -> free.add(field.path()));
        for (int length : Cuts.of(page.bytes())) {
            GoldenPage cut = page.cutAfter(length);
            Map<String, Object> seen = CommonValues.of(cut.readBy(backend()).metrics());
            seen.forEach((path, value) -> {
                if (!free.contains(path) && !value.equals(whole.get(path))) {
                    assertThat(value).as("%s of %s", path, cut).isEqualTo(whole.get(path));
                }
            });
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void survivesAPageThatEndsAnywhere(GoldenPage page) {
        for (int length : Cuts.of(page.bytes())) {
            GoldenPage shorter = page.endingAfter(length);
            assertThatCode(() -> shorter.readBy(backend())).as(shorter.name()).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void survivesAnAnswerCutAnywhere(GoldenPage page) {
        page.answers().forEach((endpoint, answer) -> {
            for (int length : Cuts.of(answer)) {
                GoldenPage cut = page.withAnswer(endpoint, Arrays.copyOf(answer, length));
                try {
                    cut.readBy(backend());
                } catch (UncheckedIOException e) {
                    assertThat(needOf(endpoint))
                            .as(
                                    "Only an answer that is required may fail the scrape; %s after %d bytes",
                                    endpoint, length)
                            .isEqualTo(Endpoint.Need.REQUIRED);
                }
            }
        });
    }

    private Endpoint.Need needOf(String endpointName) {
        return backend().endpoints().stream()
                .filter(endpoint -> endpoint.name().equals(endpointName))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No endpoint " + endpointName))
                .need();
    }

    private byte[] requiredAnswer(GoldenPage page) {
        return backend().endpoints().stream()
                .filter(endpoint -> endpoint.need() == Endpoint.Need.REQUIRED)
                .filter(endpoint -> endpoint.content() == Endpoint.Content.JSON)
                .map(endpoint -> page.answers().get(endpoint.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("Neither page nor required answer in " + page));
    }

    private static boolean endsWithoutNewline(GoldenPage page) {
        byte[] bytes = page.bytes();
        return bytes[bytes.length - 1] != '\n';
    }

    /** All names that the recording holds: of families with and without a suffix, of endpoints, of JSON's fields. */
    private Set<String> wordsOn(GoldenPage page) {
        Set<String> words = new HashSet<>();
        backend().endpoints().forEach(endpoint -> words.addAll(wordsOf(endpoint.name() + " " + endpoint.path())));
        page.answers().values().forEach(answer -> words.addAll(wordsOf(new String(answer, StandardCharsets.UTF_8))));
        for (String word : wordsOf(new String(page.bytes(), StandardCharsets.UTF_8))) {
            words.add(word);
            words.add(word.replaceFirst("_(bucket|sum|count|total)$", ""));
        }
        return words;
    }

    private static Set<String> wordsOf(String text) {
        Set<String> words = new HashSet<>(Arrays.asList(text.split("[^A-Za-z0-9_:]+")));
        words.remove("");
        return words;
    }

    private static void requireNoHoles(JsonNode node, String path) {
        boolean mayBeEmpty = path.isEmpty()
                || path.equals(".metrics")
                || path.endsWith(".labels")
                || path.endsWith("_adapters")
                || path.startsWith(".by_")
                || path.equals(".raw_metrics");
        if (node.isContainerNode() && !mayBeEmpty) {
            assertThat(node.isEmpty()).as(path + " is empty").isFalse();
        }
        assertThat(node.isNull()).as(path + " is null").isFalse();
        if (node.isTextual() && !path.startsWith(".raw_metrics")) {
            assertThat(node.asText()).as(path).isNotIn("NaN", "Infinity", "-Infinity", "+Inf", "-Inf");
        }
        node.properties().forEach(field -> requireNoHoles(field.getValue(), path + "." + field.getKey()));
        node.elements().forEachRemaining(element -> {
            if (node.isArray()) {
                requireNoHoles(element, path + "[]");
            }
        });
    }

    private static void requireUnmodifiable(Object value, String path) {
        if (value instanceof Record group) {
            for (RecordComponent component : group.getClass().getRecordComponents()) {
                Object part = CommonValues.read(component, group);
                if (part != null) {
                    requireUnmodifiable(part, path + "." + component.getName());
                }
            }
        } else if (value instanceof EngineSnapshot || value instanceof CommonView) {
            for (Method getter : value.getClass().getMethods()) {
                Object part = getter.isAnnotationPresent(JsonProperty.class) ? asked(getter, value) : null;
                if (part != null) {
                    requireUnmodifiable(part, path + "." + getter.getName());
                }
            }
        } else if (value instanceof Map<?, ?> map) {
            requireRefuses(path, () -> putNothing(map));
            map.values().forEach(element -> requireUnmodifiable(element, path + "{}"));
        } else if (value instanceof Collection<?> collection) {
            requireRefuses(path, () -> addNothing(collection));
            collection.forEach(element -> requireUnmodifiable(element, path + "[]"));
        }
    }

    private static @Nullable Object asked(Method getter, Object snapshot) {
        try {
            return getter.invoke(snapshot);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(getter + " cannot be asked", e);
        }
    }

    private static void requireRefuses(String path, Runnable change) {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .as(path + " can be changed")
                .isThrownBy(change::run);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // Meant to be refused, whatever the types.
    private static void putNothing(Map<?, ?> map) {
        ((Map<Object, Object>) map).put(null, null);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // Meant to be refused, whatever the types.
    private static void addNothing(Collection<?> collection) {
        ((Collection<Object>) collection).add(null);
    }
}
