package io.inferometer.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @ParameterizedTest
    @ValueSource(strings = {"demo", "collect", "parse", "watch", "engines"})
    void explainsEachCommand(String command) {
        Shell.Result result = Shell.run(command, "--help");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.out())
                .startsWith("Usage: inferometer " + command + " ")
                .contains("--help", "--version");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void namesAllCommandsInItsHelp() {
        Shell.Result result = Shell.run("--help");

        assertThat(result.exitCode()).isEqualTo(0);
        assertThat(result.out()).contains("\n  demo ", "\n  collect ", "\n  parse ", "\n  watch ", "\n  engines ");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"--version", "-V", "parse --version"})
    void tellsItsVersion(String arguments) {
        Shell.Result result = Shell.run(arguments.split(" "));

        assertThat(result).isEqualTo(new Shell.Result(0, "inferometer (development)\n", ""));
    }

    @Test
    void asksForACommand() {
        assertThat(Shell.run()).isEqualTo(new Shell.Result(2, "", "Name a command. See 'inferometer --help'.\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            colect vllm http://localhost:8000  | There is no command 'colect'. Did you mean collect or rules? See 'inferometer --help'.
            xyzzy                              | There is no command 'xyzzy'. See 'inferometer --help'.
            --quick                            | Unknown option '--quick'. See 'inferometer --help'.
            """)
    void doesNotKnowEveryCommand(String arguments, String message) {
        assertThat(Shell.run(arguments.split(" "))).isEqualTo(new Shell.Result(2, "", message + "\n"));
    }
}
