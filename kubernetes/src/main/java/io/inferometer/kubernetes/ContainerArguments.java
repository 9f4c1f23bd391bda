package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a container was started with: the words of its command and arguments, a shell's script taken apart, variables
 * replaced where the container's own environment states them. Immutable.
 */
final class ContainerArguments {
    private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "zsh", "ksh");
    private static final Pattern SCRIPT_FLAG = Pattern.compile("-[a-z]*c");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\((\\w+)\\)|\\$\\{(\\w+)}|\\$(\\w+)");

    private final List<String> words;

    private ContainerArguments(List<String> words) {
        this.words = words;
    }

    static ContainerArguments of(Container container) {
        Map<String, String> environment = environment(container);
        List<String> given = new ArrayList<>(container.getCommand());
        given.addAll(container.getArgs());
        List<String> words = new ArrayList<>();
        boolean shell = false;
        boolean script = false;
        for (String word : given) {
            if (script) {
                ShellWords.of(word).forEach(part -> words.add(expand(part, environment)));
            } else {
                words.add(expand(word, environment));
            }
            script = !script && shell && SCRIPT_FLAG.matcher(word).matches();
            shell |= SHELLS.contains(baseName(word));
        }
        return new ContainerArguments(List.copyOf(words));
    }

    List<String> words() {
        return words;
    }

    /** The value of an option, {@code --x=n} or {@code --x n}, by the first of the names that is there; the last wins. */
    @Nullable
    String value(String... names) {
        for (String name : names) {
            String found = last(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** As {@link #value}, as a whole number of 1 or more; null when it is none. */
    @Nullable
    Long count(String... names) {
        String text = value(names);
        if (text == null || !text.matches("[0-9]{1,18}")) {
            return null;
        }
        long count = Long.parseLong(text);
        return count > 0 ? (Long) count : null;
    }

    private @Nullable String last(String name) {
        String found = null;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            if (equals > 0 && isOption(word.substring(0, equals), name)) {
                found = word.substring(equals + 1);
            } else if (isOption(word, name) && i + 1 < words.size()) {
                found = words.get(i + 1);
            }
        }
        return found;
    }

    /** vLLM takes {@code --max_num_seqs}, too. */
    private static boolean isOption(String word, String name) {
        return word.startsWith("-") && word.replace('_', '-').equals(name);
    }

    private static Map<String, String> environment(Container container) {
        Map<String, String> environment = new HashMap<>();
        for (EnvVar variable : container.getEnv()) {
            if (variable.getValue() != null) {
                environment.put(variable.getName(), variable.getValue());
            }
        }
        return environment;
    }

    private static String expand(String word, Map<String, String> environment) {
        return VARIABLE.matcher(word).replaceAll(match -> {
            String name = match.group(1) != null ? match.group(1) : match.group(2);
            String value = environment.get(name != null ? name : match.group(3));
            return Matcher.quoteReplacement(value == null ? match.group() : value);
        });
    }

    private static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
