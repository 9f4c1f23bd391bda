package io.inferometer.backend.ollama;

import io.inferometer.backend.ollama.OllamaSnapshot.AvailableModel;
import io.inferometer.backend.ollama.OllamaSnapshot.Details;
import io.inferometer.backend.ollama.OllamaSnapshot.LoadedModel;
import io.inferometer.snapshot.EngineMetrics;
import io.inferometer.snapshot.ModelInfo;
import io.inferometer.snapshot.Provenance;
import io.inferometer.spi.CommonField;
import io.inferometer.spi.MetricTable;
import io.inferometer.spi.Page;
import io.inferometer.spi.SnapshotDraft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The common words that the lists of models give: memory and models, of all and of each. Immutable.
 *
 * @param loaded the models in memory
 * @param available the models on disk, null when not known
 */
record ModelWords(List<LoadedModel> loaded, @Nullable List<AvailableModel> available) {

    void fill(SnapshotDraft draft) {
        fillMemory(draft, loaded);
        List<ModelInfo> models = models();
        String source = available == null ? "/api/ps models[]" : "/api/ps and /api/tags models[]";
        draft.models(models, new Provenance(source, models.size(), null));
    }

    /**
     * The common words per model, of those that are loaded or stand on the page; empty unless there are two.
     *
     * @param page the metrics page, or null
     * @param table what the page's families mean
     */
    Map<String, EngineMetrics> byModel(@Nullable Page page, MetricTable table) {
        Set<String> names = new TreeSet<>(page == null ? Set.of() : page.valuesOf("model"));
        loaded.forEach(model -> names.add(model.name()));
        if (names.size() < 2) {
            return Map.of();
        }
        Map<String, EngineMetrics> parts = new LinkedHashMap<>();
        for (String name : names) {
            parts.put(name, part(name, page, table));
        }
        return parts;
    }

    private EngineMetrics part(String name, @Nullable Page page, MetricTable table) {
        SnapshotDraft draft = new SnapshotDraft();
        if (page != null) {
            table.fill(page.where(labels -> name.equals(labels.get("model"))), draft);
        }
        List<LoadedModel> own =
                loaded.stream().filter(model -> model.name().equals(name)).toList();
        if (!own.isEmpty()) {
            fillMemory(draft, own);
            draft.models(own.stream().map(this::info).toList(), new Provenance("/api/ps models[]", own.size(), null));
        }
        return draft.metrics();
    }

    private static void fillMemory(SnapshotDraft draft, List<LoadedModel> models) {
        fillSum(draft, CommonField.RESIDENT_BYTES, "size", models, LoadedModel::sizeBytes);
        fillSum(draft, CommonField.VRAM_BYTES, "size_vram", models, LoadedModel::vramBytes);
        boolean nothing = models.stream().anyMatch(model -> Objects.equals(model.sizeBytes(), 0L));
        if (nothing) {
            draft.note(CommonField.RESIDENT_BYTES, "a loaded model says size 0");
        }
    }

    private static void fillSum(
            SnapshotDraft draft,
            CommonField field,
            String json,
            List<LoadedModel> models,
            Function<LoadedModel, @Nullable Long> bytes) {
        Provenance source = new Provenance("/api/ps models[]." + json, models.size(), null);
        Long sum = Sums.of(models, bytes);
        if (sum == null) {
            draft.leaveAbsent(field, source.withNote("not said of every loaded model"));
        } else {
            draft.count(field, sum, source);
        }
    }

    private List<ModelInfo> models() {
        List<ModelInfo> models = new ArrayList<>();
        loaded.forEach(model -> models.add(info(model)));
        if (available != null) {
            available.stream().filter(this::isNotListed).map(this::info).forEach(models::add);
        }
        return models;
    }

    private boolean isNotListed(AvailableModel model) {
        return loaded.stream().noneMatch(other -> other.name().equals(model.name()));
    }

    private ModelInfo info(LoadedModel model) {
        Details details = model.details();
        return new ModelInfo(
                model.name(),
                true,
                model.contextLength(),
                model.expiresAt(),
                model.sizeBytes(),
                model.vramBytes(),
                diskBytesOf(model),
                details.family(),
                details.parameterSize(),
                details.quantization(),
                model.digest());
    }

    /** A tag may have been pulled anew since it was loaded; then the files are another model's. */
    private @Nullable Long diskBytesOf(LoadedModel model) {
        if (available == null) {
            return null;
        }
        for (AvailableModel candidate : available) {
            if (candidate.name().equals(model.name()) && Objects.equals(candidate.digest(), model.digest())) {
                return candidate.diskBytes();
            }
        }
        return null;
    }

    private ModelInfo info(AvailableModel model) {
        Details details = model.details();
        return new ModelInfo(
                model.name(),
                isLoadedUnderAnotherName(model) ? null : (Boolean) false,
                null,
                null,
                null,
                null,
                model.diskBytes(),
                details.family(),
                details.parameterSize(),
                details.quantization(),
                model.digest());
    }

    /** Two tags of the same weights share a runner, which is listed under one of them. */
    private boolean isLoadedUnderAnotherName(AvailableModel model) {
        return model.digest() != null
                && loaded.stream().anyMatch(other -> model.digest().equals(other.digest()));
    }
}
