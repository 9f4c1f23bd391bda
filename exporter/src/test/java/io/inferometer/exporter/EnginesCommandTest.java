package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inferometer.spi.CommonField;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesCommandTest {
    private static final String BEGIN = "<!-- support-table -->\n";
    private static final String END = "<!-- /support-table -->";

    @Test
    void listsTheFiveEngines() {
        Shell.Result result = Shell.run("engines");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.err()).isEmpty();
        List<String> lines = result.outLines();
        assertThat(lines.get(0)).matches("engine +name +also called +extras +versions");
        assertThat(lines.subList(1, 6).stream().map(line -> line.split(" ", 2)[0]))
                .containsExactly("llamacpp", "ollama", "sglang", "tgi", "vllm");
        assertThat(lines)
                .anyMatch(line -> line.matches("load\\.requests_running +live +- +capture +capture +(live|capture)"));
    }

    @Test
    void printsTheSupportTableAsMarkdown() {
        Shell.Result result = Shell.run("engines", "--markdown");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.outLines())
                .startsWith("| field | llama.cpp | Ollama | SGLang | TGI | vLLM |", "|---|---|---|---|---|---|")
                .contains("| load.batch_size | - | - | - | capture | - |");
    }

    @Test
    void marksAFieldByItsBestWitness() {
        SupportMarks marks = SupportMarks.of(List.of(
                "# engine, witness, field",
                "vllm\tcapture\ttokens.prompt",
                "vllm\tlive\ttokens.prompt",
                "tgi\tcapture\ttokens.prompt"));

        assertThat(marks.of("vllm", CommonField.PROMPT_TOKENS)).isEqualTo("live");
        assertThat(marks.of("tgi", CommonField.PROMPT_TOKENS)).isEqualTo("capture");
        assertThat(marks.of("sglang", CommonField.PROMPT_TOKENS)).isEqualTo("catalog");
        assertThat(marks.of("vllm", CommonField.GENERATED_TOKENS)).isEqualTo("catalog");
    }

    @Test
    void saysWhereTheFieldsOfOneEngineComeFrom() {
        Shell.Result result = Shell.run("engines", "TGI");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.outLines())
                .anyMatch(line -> line.matches("load\\.batch_size +tgi_batch_current_size.*"))
                .noneMatch(line -> line.startsWith("cache.kv_usage"));
    }

    @Test
    void doesNotKnowEveryEngine() {
        Shell.Result result = Shell.run("engines", "nix");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).hasLineCount(1).startsWith("No backend named 'nix' on the class path; ");
    }

    @Test
    void isTheTableOfTheReadme() throws IOException {
        Path file = Path.of(System.getProperty("basedir", "."), "..", "README.md");
        String readme = Files.exists(file) ? Files.readString(file) : "";
        int begin = readme.indexOf(BEGIN);
        int end = readme.indexOf(END);
        assumeTrue(begin >= 0 && end > begin, "README.md has no support table yet");
        String table = Shell.run("engines", "--markdown").out();

        if (System.getenv("UPDATE_README") != null) {
            readme = readme.substring(0, begin) + BEGIN + table + readme.substring(end);
            Files.writeString(file, readme);
            end = readme.indexOf(END);
        }

        assertThat(readme.substring(begin + BEGIN.length(), end))
                .as("the support table of README.md; UPDATE_README=1 rewrites it")
                .isEqualTo(table);
    }
}
