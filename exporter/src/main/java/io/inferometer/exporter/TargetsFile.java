package io.inferometer.exporter;

import io.inferometer.Collectors;
import io.inferometer.collect.Target;
import io.inferometer.collect.UnknownEngineException;
import io.inferometer.fleet.MonitoredTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A file that lists targets, in YAML or JSON:
 *
 * <pre>
 * targets:
 *   - name: gpu-7          # host:port by default
 *     engine: vllm         # auto by default
 *     url: http://gpu-7:8000
 *     labels: {model: llama-3, namespace: chat, variant: a100, accelerator: A100, zone: eu-1, cost: 2.5}
 * </pre>
 *
 * <p>Nothing in it is passed over: a word that is not known is an error that names its line. What is null is as if it were not
 * there.
 */
final class TargetsFile {
    private static final int BYTES_MAX = 1 << 23;
    private static final int TARGETS_MAX = 20_000;
    private static final int LABEL_LENGTH_MAX = 1024;
    private static final int EXCERPT_WIDTH = 60;
    private static final Set<String> ROOT_WORDS = Set.of("targets");
    private static final Set<String> TARGET_WORDS = Set.of("name", "engine", "url", "labels");
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setCodePointLimit(BYTES_MAX)
            .setUseMarks(true)
            .setSchema(new CoreSchema())
            .build();

    private final Path file;
    private final Set<String> knownEngines = new HashSet<>();

    private TargetsFile(Path file) {
        this.file = file;
    }

    /** The targets in {@code file}, one at least, no two of the same name. */
    static List<MonitoredTarget> read(Path file) {
        return new TargetsFile(file).targets();
    }

    private List<MonitoredTarget> targets() {
        Node root = root();
        Map<String, Node> words = words(root, ROOT_WORDS, "the file");
        Node list = words.get("targets");
        if (!(list instanceof SequenceNode sequence)) {
            throw at(list == null ? root : list, "'targets' must be a list of targets, each with a url");
        }
        if (sequence.getValue().isEmpty() || sequence.getValue().size() > TARGETS_MAX) {
            throw at(
                    list,
                    "the list must hold 1 to %d targets, but holds %d"
                            .formatted(TARGETS_MAX, sequence.getValue().size()));
        }
        List<MonitoredTarget> targets = new ArrayList<>();
        Map<String, Node> named = new HashMap<>();
        for (Node node : sequence.getValue()) {
            MonitoredTarget target = target(node);
            Node other = named.put(target.name(), node);
            if (other != null) {
                throw at(
                        node,
                        "the target of line %d is called '%s' too; give one of them another name"
                                .formatted(lineOf(other), target.name()));
            }
            targets.add(target);
        }
        return targets;
    }

    private MonitoredTarget target(Node node) {
        Map<String, Node> words = words(node, TARGET_WORDS, "a target");
        Node url = words.get("url");
        if (url == null) {
            throw at(node, "a target needs a url, such as http://gpu-7:8000");
        }
        MonitoredTarget target = target(url, engine(words.get("engine")));
        Node name = words.get("name");
        Node labels = words.get("labels");
        target = name == null ? target : target.withName(text(name, "name"));
        return labels == null ? target : target.withLabels(labels(labels));
    }

    private String engine(@Nullable Node node) {
        if (node == null) {
            return MonitoredTarget.AUTO;
        }
        String engine = text(node, "engine").toLowerCase(Locale.ROOT);
        try {
            if (!engine.equals(MonitoredTarget.AUTO) && knownEngines.add(engine)) {
                Collectors.forEngine(engine);
            }
        } catch (UnknownEngineException e) {
            throw at(node, "engine: " + e.getMessage());
        }
        return engine;
    }

    private MonitoredTarget target(Node url, String engine) {
        try {
            return MonitoredTarget.of(engine, Target.of(text(url, "url")));
        } catch (IllegalArgumentException e) {
            throw at(url, "url: " + e.getMessage());
        }
    }

    private Map<String, String> labels(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw at(node, "labels are written {model: llama-3, zone: eu-1}");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (NodeTuple label : mapping.getValue()) {
            String key = text(label.getKeyNode(), "a label's name");
            if (!seen.add(key)) {
                throw at(label.getKeyNode(), "the label '%s' stands there twice".formatted(excerpt(key)));
            }
            if (isNull(label.getValueNode())) {
                continue;
            }
            String value = text(label.getValueNode(), "the label '" + excerpt(key) + "'");
            if (key.equals("cost") && !isCost(value)) {
                throw at(
                        label.getValueNode(),
                        "the label 'cost' must be a number of 0 or more, but is '%s'".formatted(excerpt(value)));
            }
            labels.put(key, value);
        }
        return labels;
    }

    private static boolean isCost(String value) {
        try {
            double cost = Double.parseDouble(value);
            return cost >= 0 && Double.isFinite(cost);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private Map<String, Node> words(Node node, Set<String> known, String what) {
        if (!(node instanceof MappingNode mapping)) {
            throw at(
                    node,
                    "%s must hold %s"
                            .formatted(
                                    what,
                                    String.join(", ", known.stream().sorted().toList())));
        }
        Map<String, Node> words = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (NodeTuple pair : mapping.getValue()) {
            String word = text(pair.getKeyNode(), "a key");
            if (!known.contains(word)) {
                throw at(
                        pair.getKeyNode(),
                        "'%s' is not known; %s may hold %s"
                                .formatted(
                                        excerpt(word),
                                        what,
                                        String.join(
                                                ", ", known.stream().sorted().toList())));
            }
            if (!seen.add(word)) {
                throw at(pair.getKeyNode(), "'%s' stands there twice".formatted(word));
            }
            if (!isNull(pair.getValueNode())) {
                words.put(word, pair.getValueNode());
            }
        }
        return words;
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode && node.getTag().equals(Tag.NULL);
    }

    private String text(Node node, String what) {
        if (!(node instanceof ScalarNode scalar)) {
            throw at(node, "%s must be a single value".formatted(what));
        }
        String text = scalar.getValue().strip();
        if (text.isEmpty() || text.length() > LABEL_LENGTH_MAX) {
            throw at(
                    node,
                    "%s must have 1 to %d characters, but has %d".formatted(what, LABEL_LENGTH_MAX, text.length()));
        }
        return text;
    }

    private Node root() {
        try {
            Optional<Node> root = new Compose(SETTINGS).composeString(content());
            return root.orElseThrow(
                    () -> Failure.usage("%s is empty. Write targets: [{url: http://gpu-7:8000}].".formatted(file)));
        } catch (MarkedYamlEngineException e) {
            String where =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw Failure.usage("%s%s is neither YAML nor JSON: %s."
                    .formatted(file, where, Printable.line(String.valueOf(e.getProblem()))));
        } catch (YamlEngineException e) {
            throw Failure.usage(
                    "%s is neither YAML nor JSON: %s.".formatted(file, Printable.line(String.valueOf(e.getMessage()))));
        }
    }

    private String content() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw Failure.usage("%s is larger than %d bytes. Is it a list of targets?".formatted(file, BYTES_MAX));
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw Failure.usage(
                    "There is no file %s. Write one like targets: [{url: http://gpu-7:8000}].".formatted(file));
        } catch (IOException e) {
            throw Failure.usage("Cannot read %s: %s.".formatted(file, e.getMessage()));
        }
    }

    private Failure at(Node node, String problem) {
        String end = problem.endsWith(".") ? "" : ".";
        return Failure.usage("%s:%d: %s%s".formatted(file, lineOf(node), problem, end));
    }

    private static String excerpt(String text) {
        return Printable.cut(Printable.line(text), EXCERPT_WIDTH);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
