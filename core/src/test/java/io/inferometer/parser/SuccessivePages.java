package io.inferometer.parser;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Pages of one target, one after the other: like the page before, but for what a target or a bad day may do to it. */
final class SuccessivePages {
    private static final String[] VALUES = {
        "0", "1.0", "7", "12.5", "1.7631094230115845e+09", "NaN", "+Inf", "-1", "0.1", "123456789.0", "1e5", "x", ""
    };

    private final PageGenerator generator;
    private final Random random;
    private final boolean openMetrics;

    /** For half of the targets, since what breaks a rule ends a page in most modes. */
    private final @Nullable TamePages tame;

    private List<byte[]> lines = new ArrayList<>();

    SuccessivePages(long seed, boolean openMetrics) {
        generator = new PageGenerator(seed, openMetrics);
        random = new Random(~seed);
        this.openMetrics = openMetrics;
        tame = seed / 2 % 2 == 0 ? new TamePages(seed, openMetrics) : null;
        int pieces = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 6);
        for (int i = 0; i < pieces; i++) {
            addLines(random.nextInt(3) > 0 ? family() : withoutEof(generator.page()));
        }
    }

    /** The next page. */
    byte[] next() {
        return tame == null ? wild() : tame.next();
    }

    private byte[] wild() {
        for (int changes = random.nextInt(5); changes > 0; changes--) {
            change();
        }
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            page.writeBytes(line);
        }
        if (openMetrics && random.nextInt(20) > 0) {
            page.writeBytes("# EOF\n".getBytes(StandardCharsets.UTF_8));
        }
        byte[] bytes = page.toByteArray();
        return switch (random.nextInt(25)) {
            case 0 -> flipped(bytes);
            case 1 -> java.util.Arrays.copyOf(bytes, bytes.length == 0 ? 0 : random.nextInt(bytes.length));
            case 2 -> new byte[0];
            default -> bytes;
        };
    }

    private void change() {
        if (lines.isEmpty()) {
            addLines(family());
            return;
        }
        int at = random.nextInt(lines.size());
        switch (random.nextInt(12)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> Collections.swap(lines, at, random.nextInt(lines.size()));
            case 3 -> Collections.rotate(lines, at);
            case 4 -> insert(at, withoutEof(generator.page()));
            case 5 -> insert(at, family());
            case 6 -> Collections.shuffle(lines, random);
            case 7 -> lines.set(at, flipped(lines.get(at)));
            default -> changeValues(at);
        }
    }

    /** Gives some lines from one on other values. */
    private void changeValues(int from) {
        int to = Math.min(lines.size(), from + 1 + random.nextInt(8));
        for (int i = from; i < to; i++) {
            String line = new String(lines.get(i), StandardCharsets.ISO_8859_1);
            int blank = line.lastIndexOf(' ');
            if (blank > 0 && !line.startsWith("#")) {
                String value = random.nextBoolean()
                        ? VALUES[random.nextInt(VALUES.length)]
                        : likewise(line.substring(blank + 1).trim());
                String stamp = openMetrics || random.nextInt(6) > 0 ? "" : " 139506636300" + random.nextInt(10);
                lines.set(
                        i, (line.substring(0, blank + 1) + value + stamp + "\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Other digits, and now and then something else, at the same places. */
    private String likewise(String value) {
        StringBuilder text = new StringBuilder(value);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isDigit(text.charAt(i))) {
                text.setCharAt(i, (char) ('0' + random.nextInt(10)));
            }
        }
        if (!text.isEmpty() && random.nextInt(20) == 0) {
            text.setCharAt(random.nextInt(text.length()), " .-e#{x".charAt(random.nextInt(7)));
        }
        return text.toString();
    }

    private byte[] family() {
        String name = "f" + random.nextInt(5) + (random.nextBoolean() ? "_total" : "");
        StringBuilder text = new StringBuilder();
        if (random.nextInt(3) > 0) {
            text.append("# HELP ")
                    .append(name)
                    .append(" Some é text ")
                    .append(random.nextInt(3))
                    .append('\n');
            text.append("# TYPE ").append(name).append(random.nextBoolean() ? " gauge\n" : " counter\n");
        }
        for (int i = random.nextInt(6); i >= 0; i--) {
            text.append(name);
            if (random.nextInt(5) > 0) {
                text.append("{le=\"").append(i).append("\",model=\"m\"}");
            }
            text.append(' ').append(random.nextInt(2000)).append(random.nextBoolean() ? ".0\n" : "\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }

    private byte[] withoutEof(byte[] page) {
        String text = new String(page, StandardCharsets.ISO_8859_1);
        boolean keep = !openMetrics || random.nextInt(30) == 0;
        return (keep ? text : text.replace("# EOF", "# end")).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void insert(int at, byte[] text) {
        List<byte[]> after = new ArrayList<>(lines.subList(at, lines.size()));
        lines = new ArrayList<>(lines.subList(0, at));
        addLines(text);
        lines.addAll(after);
    }

    private void addLines(byte[] text) {
        int start = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                lines.add(java.util.Arrays.copyOfRange(text, start, i + 1));
                start = i + 1;
            }
        }
        if (start < text.length) {
            lines.add((new String(text, start, text.length - start, StandardCharsets.ISO_8859_1) + "\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
