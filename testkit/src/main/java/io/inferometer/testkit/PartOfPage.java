package io.inferometer.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;

/** What prometheus_client answers to {@code ?name[]=…}: the samples of these names, and the comments above them. */
final class PartOfPage {
    private PartOfPage() {}

    static byte[] of(byte[] page, Collection<String> names) {
        StringBuilder part = new StringBuilder();
        StringBuilder comments = new StringBuilder();
        boolean behindSample = false;
        for (String line : new String(page, UTF_8).lines().toList()) {
            if (line.startsWith("#")) {
                comments.setLength(behindSample ? 0 : comments.length());
                comments.append(line).append('\n');
                behindSample = false;
            } else {
                behindSample = true;
                if (names.contains(nameIn(line))) {
                    part.append(comments).append(line).append('\n');
                    comments.setLength(0);
                }
            }
        }
        return part.toString().getBytes(UTF_8);
    }

    private static String nameIn(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
            end++;
        }
        return line.substring(0, end);
    }
}
