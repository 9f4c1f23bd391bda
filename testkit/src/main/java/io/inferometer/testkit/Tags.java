package io.inferometer.testkit;

import java.util.ArrayList;
import java.util.List;

/** The labels of a fake engine's sample, in the order in which they are printed. Immutable. */
record Tags(List<String> pairs) {
    static final Tags NONE = new Tags(List.of());

    static Tags of(String... pairs) {
        return new Tags(List.of(pairs));
    }

    /** With one more at the end. */
    Tags and(String name, String value) {
        return at(pairs.size(), name, value);
    }

    /** With one more, where it belongs by name. */
    Tags sorted(String name, String value) {
        int at = 0;
        while (at < pairs.size() && pairs.get(at).compareTo(name) < 0) {
            at += 2;
        }
        return at(at, name, value);
    }

    String print() {
        if (pairs.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < pairs.size(); i += 2) {
            text.append(i == 0 ? "" : ",").append(pairs.get(i)).append("=\"");
            text.append(escaped(pairs.get(i + 1))).append('"');
        }
        return text.append('}').toString();
    }

    private Tags at(int index, String name, String value) {
        List<String> more = new ArrayList<>(pairs);
        more.add(index, name);
        more.add(index + 1, value);
        return new Tags(List.copyOf(more));
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
