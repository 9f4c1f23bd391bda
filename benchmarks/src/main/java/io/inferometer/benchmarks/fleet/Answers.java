package io.inferometer.benchmarks.fleet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/** All that a {@link PageServer} answers, written once and kept outside the heap. For one thread. */
final class Answers {
    private static final int MEGABYTE = 1 << 20;
    private static final int HUGE_MEGABYTES = 100;
    private static final int BOMB_MEGABYTES = 200;

    private final byte[][] pages;
    private final ByteBuffer[][] wholePages;
    private final Map<String, ByteBuffer[][]> parts = new HashMap<>();
    private final ByteBuffer megabyte;
    private final ByteBuffer[] bomb;

    Answers(int versions) throws IOException {
        PageSequence sequence = new PageSequence();
        pages = new byte[versions][];
        wholePages = new ByteBuffer[versions][];
        for (int i = 0; i < versions; i++) {
            pages[i] = sequence.page(i);
            wholePages[i] = ok(pages[i]);
        }
        byte[] block = blockOfLines();
        megabyte = direct(block);
        byte[] zipped = zipped(block, BOMB_MEGABYTES);
        bomb = new ByteBuffer[] {
            head("200 OK", "text/plain; version=0.0.4", "Content-Encoding: gzip\r\n", zipped.length), direct(zipped)
        };
    }

    /** A target's page at its {@code version}th request, or the part of it that the query names; the last one stays. */
    ByteBuffer[] page(String path, int version) {
        int at = Math.min(version, pages.length - 1);
        int query = path.indexOf('?');
        if (query < 0) {
            return wholePage(at);
        }
        ByteBuffer[][] all = parts.computeIfAbsent(path.substring(query + 1), unused -> new ByteBuffer[pages.length][]);
        if (all[at] == null) {
            all[at] = ok(part(pages[at], names(path.substring(query + 1))));
        }
        return copies(all[at]);
    }

    ByteBuffer[] wholePage(int version) {
        return copies(wholePages[version]);
    }

    /** Announces all of a page. */
    ByteBuffer[] halfAPage() {
        ByteBuffer[] answer = wholePage(0);
        answer[1].limit(answer[1].limit() / 2);
        return answer;
    }

    ByteBuffer[] of(Fault fault, String path) {
        return switch (fault) {
            case GZIP_BOMB -> copies(bomb);
            case HUGE_PAGE -> {
                ByteBuffer[] answer = new ByteBuffer[HUGE_MEGABYTES + 1];
                answer[0] = head("200 OK", "text/plain; version=0.0.4", "", HUGE_MEGABYTES * MEGABYTE);
                for (int i = 1; i < answer.length; i++) {
                    answer[i] = megabyte.duplicate();
                }
                yield answer;
            }
            case REDIRECT_LOOP ->
                new ByteBuffer[] {head("302 Found", "text/plain", "Location: %s\r\n".formatted(path), 0)};
            case HTML -> {
                byte[] login = "<html><body><form>Sign in</form></body></html>".getBytes(StandardCharsets.UTF_8);
                yield new ByteBuffer[] {head("200 OK", "text/html", "", login.length), ByteBuffer.wrap(login)};
            }
            case STATUS_500 -> new ByteBuffer[] {head("500 Internal Server Error", "text/plain", "", 0)};
            default -> throw new IllegalArgumentException(fault + " is not an answer");
        };
    }

    private static Set<String> names(String query) {
        Set<String> names = new HashSet<>();
        for (String pair : query.split("&", -1)) {
            names.add(URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
        }
        return names;
    }

    private static byte[] part(byte[] page, Set<String> names) {
        StringBuilder part = new StringBuilder();
        new String(page, StandardCharsets.UTF_8).lines().forEach(line -> {
            boolean comment = line.startsWith("# ");
            String name = comment ? line.split(" ", -1)[2] : line.split("[{ ]", 2)[0];
            if (names.contains(name)) {
                part.append(line).append('\n');
            }
        });
        return part.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** A megabyte of lines that read well, to the byte. */
    private static byte[] blockOfLines() {
        byte[] block = new byte[MEGABYTE];
        byte[] line = "vllm:num_requests_running{engine=\"0\",model_name=\"a-model-that-never-ends\"} 1234567\n"
                .getBytes(StandardCharsets.UTF_8);
        int at = 0;
        for (; at + line.length <= block.length; at += line.length) {
            System.arraycopy(line, 0, block, at, line.length);
        }
        Arrays.fill(block, at, block.length, (byte) '\n');
        return block;
    }

    private static byte[] zipped(byte[] block, int times) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            for (int i = 0; i < times; i++) {
                zip.write(block);
            }
        }
        return bytes.toByteArray();
    }

    private static ByteBuffer[] ok(byte[] page) {
        return new ByteBuffer[] {
            head("200 OK", "text/plain; version=0.0.4; charset=utf-8", "", page.length), direct(page)
        };
    }

    private static ByteBuffer head(String status, String type, String more, int length) {
        String head =
                "HTTP/1.1 %s\r\ndate: Sat, 28 Nov 2026 07:00:00 GMT\r\nserver: uvicorn\r\ncontent-length: %d\r\ncontent-type: %s\r\n%s\r\n"
                        .formatted(status, length, type, more);
        return direct(head.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer direct(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
        buffer.put(bytes).flip();
        return buffer;
    }

    private static ByteBuffer[] copies(ByteBuffer[] answer) {
        ByteBuffer[] copies = new ByteBuffer[answer.length];
        for (int i = 0; i < answer.length; i++) {
            copies[i] = answer[i].duplicate();
        }
        return copies;
    }
}
