package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodOptionsTest {
    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{name: test, context: {cluster: test, user: ada}}]
            clusters: [{name: test, cluster: {server: "http://127.0.0.1:1/"}}]
            users: [{name: ada, user: {token: secret}}]
            """;

    @TempDir
    private Path folder;

    @AfterEach
    void forgetTheKubeconfig() {
        System.clearProperty("kubeconfig");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            saturation --model m                                          | Give one of --targets FILE, --kubernetes, and --prometheus URL.
            saturation --model m --service s                              | --service, --selector, --all-namespaces and --context need --kubernetes.
            saturation --model m --targets f --kubernetes                 | Give one of --targets FILE, --kubernetes, and --prometheus URL.
            saturation --model m --prometheus http://a:1 -A               | --service, --selector, --all-namespaces and --context need --kubernetes.
            saturation --model m --kubernetes --service s -l a=b          | Both the Service 's' and the label selector 'a=b' were given.
            saturation --model m --kubernetes -A --namespace n            | All namespaces were asked for together with 'n'.
            saturation --model m --kubernetes --header x                  | A header is written NAME=VALUE
            watch --namespace n http://a:1                                | --namespace needs --kubernetes.
            watch --context c http://a:1                                  | --service, --selector, --all-namespaces and --context need --kubernetes.
            watch --kubernetes --context c                                | The kubeconfig has no context 'c'; found [test].
            """)
    void refusesWrongUsageInOneLine(String words, String message) throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("config"), KUBECONFIG);
        System.setProperty("kubeconfig", kubeconfig.toString());
        Shell.Result result = Shell.run(words.split(" "));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith(message).endsWith("\n");
        assertThat(result.err().lines()).hasSize(1);
    }
}
