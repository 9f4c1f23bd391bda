package io.inferometer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.spi.Endpoint;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AutoCollectorTest {
    private final AcmeBackend acme = new AcmeBackend();
    private final AcmeBackend bolt = AcmeBackend.named("bolt");
    private final AcmeBackend jsonOnly = new AcmeBackend("json", List.of(AcmeBackend.LIST), false);
    private final AutoCollector auto = new AutoCollector(List.of(acme, bolt, jsonOnly));
    private Engine engine;

    @BeforeEach
    void start() throws IOException {
        engine = new Engine();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void theEngineIsKnownByItsPageAndAskedOnce() {
        engine.answersPage("bolt:running 5\n");
        EngineSnapshot snapshot = auto.collect(engine.url());
        assertThat(snapshot.engine()).isEqualTo("bolt");
        assertThat(snapshot.metrics().load().requestsRunning()).isEqualTo(5);
        assertThat(engine.server().getRequestCount()).isEqualTo(1);
        assertThat(auto.engine()).isEqualTo("auto");
    }

    @Test
    void whatElseItsEngineHasIsAskedForToo() {
        AutoCollector more = new AutoCollector(
                List.of(AcmeBackend.with(Endpoint.METRICS, AcmeBackend.INFO, AcmeBackend.SLOTS), bolt));
        engine.answersPage(Engine.PAGE).answers(Engine.json("{\"i\":1}")).answers(Engine.json("{\"s\":1}"));
        EngineSnapshot snapshot = more.withExtra("slots").collect(engine.url());
        assertThat(((AcmeBackend.Snapshot) snapshot).answers()).containsOnlyKeys("info", "slots");
    }

    @Test
    void detectingNamesTheBackend() {
        engine.answersPage("bolt:running 5\n");
        assertThat(auto.detect(Target.of(engine.url()))).isSameAs(bolt);
    }

    @Test
    void anEngineWithoutAPageIsKnownByItsJson() {
        engine.answers(404, "").answers(Engine.json("{\"json\":1}")).answers(Engine.json("{\"json\":2}"));
        EngineSnapshot snapshot = auto.collect(engine.url());
        assertThat(snapshot.engine()).isEqualTo("json");
        assertThat(((AcmeBackend.Snapshot) snapshot).answers()).containsEntry("list", "{\"json\":2}");
    }

    @Test
    void allOfItsKindIsThatOneEngine() {
        engine.answers(404, "").answers(Engine.json("{\"json\":1}")).answers(Engine.json("{\"json\":2}"));
        assertThat(auto.collectAll(Target.of(engine.url())))
                .extracting(EngineSnapshot::engine)
                .containsExactly("json");
    }

    @Test
    void whereNoJsonIsRecognizedThePagesErrorStands() {
        engine.answers(404, "nothing here").answers(Engine.json("{\"other\":1}"));
        assertThatExceptionOfType(EngineRefusedException.class)
                .isThrownBy(() -> auto.collect(engine.url()))
                .withMessage(engine.url() + "/metrics answered 404 ('nothing here'). Check the URL, and that the"
                        + " engine serves metrics there.");
        engine.answers(Engine.json("{}")).answers(404, "");
        assertThatExceptionOfType(NotMetricsPageException.class).isThrownBy(() -> auto.collect(engine.url()));
    }

    @Test
    void aPageOfTwoEnginesGivesTwoSnapshotsOrAnError() {
        String page = "acme:running 1\nbolt:running 2\n";
        engine.answersPage(page).answersPage(page).answersPage(page);
        assertThat(auto.collectAll(Target.of(engine.url())))
                .extracting(snapshot ->
                        snapshot.engine() + " " + snapshot.metrics().load().requestsRunning())
                .containsExactly("acme 1", "bolt 2");
        assertThat(engine.server().getRequestCount()).isEqualTo(1);
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> auto.collect(engine.url()))
                .withMessage("The page of " + engine.url() + "/ holds families of acme and bolt. Name the engine you"
                        + " want, or use collectAll(...) for one snapshot each.");
        assertThatExceptionOfType(UnknownEngineException.class).isThrownBy(() -> auto.detect(Target.of(engine.url())));
    }

    @Test
    void aPageOfNobodysIsAnError() {
        engine.answersPage("python_info 1\n")
                .answersPage("vllm:x 1\nsglang:y 1\n")
                .answersPage("a 1\n");
        UnknownEngineException error =
                catchThrowableOfType(UnknownEngineException.class, () -> auto.collect(engine.url()));
        assertThat(error)
                .hasMessage("No engine on the class path wrote the page " + engine.url() + "/metrics; found"
                        + " python_info. Known are acme, bolt, json; name one, or add its artifact.");
        assertThat(error.isTransient()).isFalse();
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> auto.collectAll(Target.of(engine.url())))
                .withMessage("No engine on the class path wrote the page " + engine.url() + "/metrics; found vllm_x,"
                        + " sglang_y (vllm, sglang). Known are acme, bolt, json; name one, or add its artifact.");
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> new AutoCollector(List.of()).collect(engine.url()))
                .withMessage("No engine on the class path wrote the page " + engine.url()
                        + "/metrics; found a. Known are none; name one, or add its artifact.");
    }

    @Test
    void anEmptyPageIsAFreshEnginesWhoseJsonSaysSo() {
        AcmeBackend fresh = new AcmeBackend("fresh", List.of(Endpoint.METRICS, AcmeBackend.INFO), true);
        AutoCollector withFresh = new AutoCollector(List.of(acme, fresh, jsonOnly));
        engine.answersPage("").answers(Engine.json("{\"fresh\":1}")).answers(Engine.json("{\"fresh\":2}"));
        EngineSnapshot snapshot = withFresh.collect(engine.url());
        assertThat(snapshot.engine()).isEqualTo("fresh");
        assertThat(snapshot.provenance()).isEmpty();
        engine.answersPage("").answers(404, "");
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> withFresh.collect(engine.url()))
                .withMessage("No engine on the class path wrote the page " + engine.url() + "/metrics; found no"
                        + " sample at all. Known are acme, fresh, json; name one, or add its artifact.");
    }

    @Test
    void anEmptyPageOfAnEngineWithoutJsonIsNobodys() {
        AutoCollector silent = new AutoCollector(List.of(new AcmeBackend("fresh", List.of(Endpoint.METRICS), true)));
        engine.answersPage("");
        assertThatExceptionOfType(UnknownEngineException.class).isThrownBy(() -> silent.collect(engine.url()));
    }

    @Test
    void itsWithersWorkLikeTheOthers() {
        engine.answersPage("bolt:running 5\n");
        EngineSnapshot snapshot = auto.withInstanceId("gpu-7")
                .withRawMetrics(true)
                .withHeader("X-Team", "a")
                .collect(Target.of(engine.url()));
        assertThat(snapshot.instanceId()).isEqualTo("gpu-7");
        assertThat(snapshot.rawMetrics()).hasSize(1);
        assertThat(engine.asked().getHeaders().get("X-Team")).isEqualTo("a");
    }

    @Test
    void aJsonEndpointThatHangsIsNotTheEngines() {
        engine.answers(404, "").answers(Engine.json("{}").headersDelay(20, TimeUnit.SECONDS));
        assertThat(auto.tryCollect(Target.of(engine.url())).error())
                .hasMessage(engine.url() + "/metrics answered 404. Check the URL, and that the engine serves metrics"
                        + " there.");
    }
}
