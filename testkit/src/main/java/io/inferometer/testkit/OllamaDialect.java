package io.inferometer.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;

/**
 * Ollama 0.33: JSON only, and a text 404 for {@code /metrics}. The model is listed once a request has come; its expiry
 * is five minutes after the last request's end and stays there, stale, while it is busy. No answer says what is
 * running, waiting or done: the ledger alone knows.
 */
final class OllamaDialect implements Dialect {
    private static final String JSON_TYPE = "application/json; charset=utf-8";
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSSXXX");
    private static final ZoneOffset ZONE = ZoneOffset.ofHoursMinutes(5, 30);
    private static final long SIZE_BYTES = 5_333_519_360L;
    private static final long DISK_BYTES = 4_683_087_332L;

    @Override
    public String model() {
        return "qwen2.5:7b";
    }

    @Override
    public Bounds bounds() {
        return Bounds.none();
    }

    @Override
    public Answer answer(HttpUrl url, Simulation simulation) {
        return switch (url.encodedPath()) {
            case "/api/ps" -> Answer.json(200, JSON_TYPE, Map.of("models", loaded(simulation)));
            case "/api/tags" -> Answer.json(200, JSON_TYPE, Map.of("models", onDisk(simulation)));
            case "/api/version" -> Answer.json(200, JSON_TYPE, Map.of("version", "0.33.0"));
            case "/" -> Answer.text(200, "text/plain; charset=utf-8", "Ollama is running");
            default -> Answer.text(404, "text/plain", "404 page not found");
        };
    }

    private static List<Object> loaded(Simulation simulation) {
        if (simulation.ledger().submitted() == 0) {
            return List.of();
        }
        Map<String, Object> model = entry(simulation.model(), SIZE_BYTES);
        model.put("details", details(false));
        model.put("expires_at", print(simulation.lastEnd().plus(KEEP_ALIVE)));
        model.put("size_vram", SIZE_BYTES);
        model.put("context_length", 4096);
        return List.of(model);
    }

    private static List<Object> onDisk(Simulation simulation) {
        List<Object> models = new ArrayList<>();
        for (String name : List.of(simulation.model(), "all-minilm:latest")) {
            Map<String, Object> model = entry(name, DISK_BYTES);
            model.put("modified_at", print(simulation.startedAt()));
            model.put("details", details(true));
            model.put("capabilities", List.of("completion"));
            models.add(model);
        }
        return models;
    }

    private static Map<String, Object> entry(String name, long size) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("name", name);
        model.put("model", name);
        model.put("size", size);
        model.put("digest", "845dbda0ea48ed749caafd9e6037047aa19acfcfd82e704d7ca97d631a0b697e");
        return model;
    }

    private static Map<String, Object> details(boolean lengths) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("parent_model", "");
        details.put("format", "gguf");
        details.put("family", "qwen2");
        details.put("families", null);
        details.put("parameter_size", "7.6B");
        details.put("quantization_level", "Q4_K_M");
        if (lengths) {
            details.put("context_length", 32768);
            details.put("embedding_length", 3584);
        }
        return details;
    }

    private static String print(Instant time) {
        return TIME.format(time.atOffset(ZONE));
    }
}
