package io.inferometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.inferometer.collect.AcmeBackend;
import io.inferometer.collect.LogCapture;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.EngineBackend;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The front door, with backends that only the thread's own class loader shows. */
@Isolated
class CollectorsTest {
    private static final String SERVICE = "META-INF/services/io.inferometer.spi.EngineBackend";

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    private Path folder;

    /** Cannot be made. */
    public static final class BrokenBackend {
        /** Fails. */
        public BrokenBackend() {
            throw new IllegalStateException("broken");
        }
    }

    @BeforeEach
    void showAcme() throws IOException {
        offer(AcmeBackend.class.getName());
    }

    @AfterEach
    void hide() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void anEngineIsFoundByNameOrAliasInAnyCase() {
        for (String name : List.of("acme", "ACME", " Acme ", "acme-server", "Acme-Server")) {
            assertThat(Collectors.forEngine(name).engine()).as(name).isEqualTo("acme");
        }
    }

    @Test
    void anUnknownNameIsAnErrorThatListsWhatIsThere() {
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> Collectors.forEngine("vLLM"))
                .withMessage("No backend named 'vLLM' on the class path; found acme. Add the dependency"
                        + " 'io.inferometer:inferometer-backend-vllm', or pass one of the names found.");
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> Collectors.forEngine("no engine!"))
                .withMessage("No backend named 'no engine!' on the class path; found acme. Add the dependency"
                        + " 'io.inferometer:inferometer-backend-ENGINE', or pass one of the names found.");
        Thread.currentThread().setContextClassLoader(before);
        assertThatExceptionOfType(UnknownEngineException.class)
                .isThrownBy(() -> Collectors.forEngine("tgi"))
                .withMessage("No backend named 'tgi' on the class path; found none. Add the dependency"
                        + " 'io.inferometer:inferometer-backend-tgi', or pass one of the names found.");
    }

    @Test
    void theEnginesAreListedWithWhatTheyCanFill() {
        assertThat(Collectors.engines())
                .containsExactly(new EngineInfo(
                        "acme",
                        "Acme",
                        Set.of("acme-server"),
                        "all",
                        List.of(),
                        Map.of(CommonField.REQUESTS_RUNNING, "acme:running")));
    }

    @Test
    void theEngineAtAUrlIsDetected() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.start();
            server.enqueue(new MockResponse.Builder().body("acme:running 1\n").build());
            server.enqueue(new MockResponse.Builder().body("acme:running 2\n").build());
            assertThat(Collectors.detect(server.url("/").toString()).engine()).isEqualTo("acme");
            assertThat(Collectors.auto()
                            .collect(server.url("/").toString())
                            .metrics()
                            .load()
                            .requestsRunning())
                    .isEqualTo(2);
        }
    }

    @Test
    void aUrlThatIsNoneIsAMistakeOfTheCallers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Collectors.forEngine("acme").collect("gpu-7:8080"))
                .withMessage("'gpu-7:8080' is not an http or https URL. Write it like http://gpu-7:8080.");
    }

    @Test
    void aBrokenProviderIsAWarningAndTheOthersAreThere() throws IOException {
        offer("no.such.Backend", BrokenBackend.class.getName(), AcmeBackend.class.getName());
        try (LogCapture log = LogCapture.warnings(Collectors.class)) {
            assertThat(Collectors.engines()).extracting(EngineInfo::name).containsExactly("acme");
            assertThat(log.lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("WARN")
                            && line.contains("A backend on the class path could not be loaded and is left out: "));
            assertThat(log.lines().get(0)).contains("no.such.Backend");
            assertThat(log.lines().get(1)).contains("BrokenBackend");
        }
    }

    @Test
    void oneBackendSeenByTwoClassLoadersIsOne() {
        List<EngineBackend<?>> twice = List.of(new AcmeBackend(), new AcmeBackend());
        assertThat(Backends.byName(twice)).containsOnlyKeys("acme");
    }

    @Test
    void twoBackendsOfOneNameAreAnErrorThatNamesBoth() {
        List<EngineBackend<?>> both = List.of(new AcmeBackend(), new OtherAcmeBackend());
        assertThatIllegalStateException()
                .isThrownBy(() -> Backends.byName(both))
                .withMessage("Two backends are called 'acme': io.inferometer.collect.AcmeBackend and"
                        + " io.inferometer.OtherAcmeBackend. Remove one from the class path.");
    }

    @Test
    void aFileOfServicesThatCannotBeReadIsAWarning() throws IOException {
        offer("this is no class name");
        List<EngineBackend<?>> found = new ArrayList<>();
        try (LogCapture log = LogCapture.warnings(Collectors.class)) {
            Backends.addFrom(ServiceLoader.load(EngineBackend.class), found);
            assertThat(log.lines()).isNotEmpty();
        }
        assertThat(found).isEmpty();
    }

    private void offer(String... classNames) throws IOException {
        Path services = folder.resolve(SERVICE);
        Files.createDirectories(services.getParent());
        Files.writeString(services, String.join("\n", classNames));
        URL[] urls = {folder.toUri().toURL()};
        Thread.currentThread().setContextClassLoader(new URLClassLoader(urls, before));
    }
}
