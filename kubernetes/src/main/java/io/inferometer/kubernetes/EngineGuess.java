package io.inferometer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which engine a container runs, by its image's name, else by its command. */
final class EngineGuess {
    /** What the name of an image or a program holds; ollama before llama. */
    private static final Map<String, String> HINTS = new LinkedHashMap<>();

    static {
        HINTS.put("vllm", "vllm");
        HINTS.put("sglang", "sglang");
        HINTS.put("text-generation", "tgi");
        HINTS.put("ollama", "ollama");
        HINTS.put("llama.cpp", "llamacpp");
        HINTS.put("llama-cpp", "llamacpp");
        HINTS.put("llamacpp", "llamacpp");
        HINTS.put("llama-server", "llamacpp");
    }

    private EngineGuess() {}

    static @Nullable String of(Container container) {
        String byImage = ofImage(container.getImage());
        return byImage != null
                ? byImage
                : ofCommand(ContainerArguments.of(container).words());
    }

    /** The last part of the image's path says more than the registry and the organisation. */
    static @Nullable String ofImage(@Nullable String image) {
        if (image == null) {
            return null;
        }
        String path = image.toLowerCase(Locale.ROOT).replaceFirst("@.*$", "").replaceFirst(":[^/:]*$", "");
        String name = path.substring(path.lastIndexOf('/') + 1);
        String found = hint(name);
        if (found == null && (name.equals("tgi") || name.startsWith("tgi-"))) {
            found = "tgi";
        }
        String organisation = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        return found != null ? found : hint(organisation);
    }

    /** The first program named, before its options: a model's path may hold any word. */
    private static @Nullable String ofCommand(List<String> words) {
        for (int i = 0; i < words.size() && i < 8; i++) {
            String word = words.get(i).toLowerCase(Locale.ROOT);
            String name = word.substring(word.lastIndexOf('/') + 1);
            boolean program = i == 0 || !words.get(i - 1).startsWith("--");
            String found = program && !word.startsWith("-") ? hint(name) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String hint(String text) {
        return HINTS.entrySet().stream()
                .filter(hint -> text.contains(hint.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }
}
