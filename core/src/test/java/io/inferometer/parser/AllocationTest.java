package io.inferometer.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Once it is warm, a parser makes no garbage: not one byte in ten thousand pages. */
class AllocationTest {
    private static final int PAGES = 10_000;
    private static final int ROUNDS = 5;

    private final SampleHandler handler = this::look;
    private double sum;

    @ParameterizedTest
    @CsvSource({"LENIENT,TEXT", "LENIENT,OPENMETRICS", "PROMETHEUS,TEXT", "PROMETHEUS,OPENMETRICS"})
    void aPageInAnArrayCostsNothing(ParseMode mode, PageFormat format) throws Throwable {
        byte[] page = page();
        PageParser parser =
                new PageParser(ParserOptions.defaults().withMode(mode).withFormat(format));

        assertThat(allocated(() -> parser.parse(page, handler))).isZero();
        assertThat(sum).isPositive();
    }

    @Test
    void aPageThatIsCheckedStrictlyCostsNothing() throws Throwable {
        byte[] page = Recording.bytes("""
                # TYPE vllm:e2e_seconds histogram
                # UNIT vllm:e2e_seconds seconds
                vllm:e2e_seconds_bucket{engine="0",le="0.5"} 1 # {t="x"} 0.25
                vllm:e2e_seconds_bucket{engine="0",le="+Inf"} 2
                vllm:e2e_seconds_count{engine="0"} 2
                vllm:e2e_seconds_sum{engine="0"} 17.631094230115845
                # TYPE vllm:num_requests gauge
                vllm:num_requests{engine="0",model_name="m\\n"} 3.0 1395066363.5
                vllm:num_requests{engine="1"} 3.0 1395066363.25
                vllm:num_requests{engine="1"} 4.0 1395066363.75
                # EOF
                """);
        PageParser parser = new PageParser(ParserOptions.defaults().withMode(ParseMode.STRICT));

        assertThat(allocated(() -> parser.parse(page, handler))).isZero();
        assertThat(sum).isPositive();
    }

    @Test
    void aFilteredPageCostsNothing() throws Throwable {
        byte[] page = page();
        PageParser parser = new PageParser(
                ParserOptions.defaults().withFilter(FamilyFilter.ofFamilies(List.of("vllm:num_requests_running"))));

        assertThat(allocated(() -> parser.parse(page, handler))).isZero();
        assertThat(sum).isPositive();
    }

    @Test
    void aPageReadAgainCostsNothing() throws Throwable {
        byte[][] pages = successivePages();
        RepeatParser parser = new RepeatParser();
        int[] next = {0};

        assertThat(allocated(() -> parser.parse(pages[next[0]++ % pages.length], handler)))
                .isZero();
        assertThat(sum).isPositive();
    }

    @Test
    void whatChangedOnAPageCostsNothing() throws Throwable {
        byte[][] pages = successivePages();
        RepeatParser parser = new RepeatParser();
        ChangeHandler changes = new Adding();
        int[] next = {0};

        assertThat(allocated(() -> parser.parseChanges(pages[next[0]++ % pages.length], changes)))
                .isZero();
        assertThat(sum).isPositive();
    }

    @Test
    void aPageFromAStreamCostsNothing() throws Throwable {
        byte[] page = page();
        PageParser parser = new PageParser();
        ByteArrayInputStream in = new ByteArrayInputStream(page);

        assertThat(allocated(() -> {
                    in.reset();
                    parser.parse(in, handler);
                }))
                .isZero();
    }

    @Test
    void aPageInADirectBufferCostsNothing() throws Throwable {
        ByteBuffer page = ByteBuffer.allocateDirect(page().length).put(page()).flip();
        PageParser parser = new PageParser();

        assertThat(allocated(() -> parser.parse(page, handler))).isZero();
    }

    /** What was allocated from the first to the last page is no less than what is kept; a buffer of 64 kB at least is. */
    @ParameterizedTest
    @CsvSource({"80", "400", "4000"})
    void aParserKeepsAtMostAFifthMoreThanThePage(int copies) throws Throwable {
        String one = new String(page(), StandardCharsets.UTF_8).replace("# EOF\n", "");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < copies; i++) {
            text.append(one.replace("vllm:", "vllm" + i + ":"));
        }
        byte[] page = Recording.bytes(text.toString());
        new PageParser().parse(page, handler);
        MethodHandle counter = counter();

        long before = (long) counter.invokeExact();
        PageParser parser = new PageParser();
        for (int i = 0; i < 5; i++) {
            parser.parse(page, handler);
            parser.parse(new ByteArrayInputStream(page), handler);
        }
        long taken = (long) counter.invokeExact() - before;

        assertThat(page.length).isGreaterThan(1400 * copies);
        assertThat(taken).isPositive().isLessThan(12L * page.length / 10);
    }

    /** What a handler does that knows its business: it asks, and builds no String. */
    private void look(Sample sample) {
        sum += sample.value();
        if (!sample.sameNameAsPrevious() && sample.nameStartsWith("vllm:")) {
            sum += sample.nameHash() & 1;
        }
        int le = sample.labelIndex("le");
        sum += le >= 0 && Double.isFinite(sample.labelDouble(le)) ? 1 : 0;
        sum += sample.type() == MetricType.HISTOGRAM ? 1 : 0;
    }

    /** The page, the same with other values, and that in another order. */
    private static byte[][] successivePages() {
        String page = new String(page(), StandardCharsets.UTF_8);
        String moved = page.replace(" 3.0", " 12.0").replace(".5\"} 1", ".5\"} 2");
        int histogram = moved.indexOf("# HELP vllm:e2e");
        int end = moved.indexOf("# EOF");
        String shuffled = moved.substring(histogram, end) + moved.substring(0, histogram) + "# EOF\n";
        return new byte[][] {Recording.bytes(page), Recording.bytes(moved), Recording.bytes(shuffled)};
    }

    /** Hears changes. */
    private final class Adding implements ChangeHandler {
        @Override
        public void onReset() {}

        @Override
        public void onAdded(int slot, Sample sample) {
            look(sample);
        }

        @Override
        public void onChanged(int slot, Sample sample) {
            look(sample);
        }

        @Override
        public void onRemoved(int slot) {}
    }

    private static byte[] page() {
        StringBuilder page = new StringBuilder();
        for (String name : List.of("vllm:num_requests_running", "vllm:num_requests_waiting")) {
            page.append("# HELP ")
                    .append(name)
                    .append(" Number of requests.\n# TYPE ")
                    .append(name)
                    .append(" gauge\n");
            page.append(name).append("{engine=\"0\",model_name=\"m\\\\n\"} 3.0\n");
        }
        page.append("# HELP vllm:e2e_seconds End to end.\n# TYPE vllm:e2e_seconds histogram\n");
        for (int bound = 1; bound < 20; bound++) {
            page.append("vllm:e2e_seconds_bucket{engine=\"0\",le=\"")
                    .append(bound)
                    .append(".5\"} ")
                    .append(bound);
            page.append(bound % 5 == 0 ? " 1395066363000\n" : ".0\n");
        }
        page.append("vllm:e2e_seconds_sum{engine=\"0\"} 17.631094230115845\n# EOF\n");
        return Recording.bytes(page.toString().replace(" 1395066363000", ""));
    }

    /**
     * Bytes allocated by this thread over many runs of {@code work}, after as many to get warm; the least of a few
     * rounds, because the compiler that replaces running code may cost a few bytes once. A byte a page costs every round.
     */
    private static long allocated(Work work) throws Throwable {
        MethodHandle counter = counter();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            repeat(work);
            long before = (long) counter.invokeExact();
            long idle = (long) counter.invokeExact() - before;
            before = (long) counter.invokeExact();
            repeat(work);
            least = Math.min(least, (long) counter.invokeExact() - before - idle);
        }
        return least;
    }

    private static void repeat(Work work) throws IOException {
        for (int i = 0; i < PAGES; i++) {
            work.run();
        }
    }

    /** The JVM's count of the bytes that this thread allocated. By reflection, since core has no use for the module. */
    private static MethodHandle counter() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.publicLookup();
        Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
        Class<?> threads = Class.forName("com.sun.management.ThreadMXBean");
        Object bean = factory.getMethod("getThreadMXBean").invoke(null);
        return lookup.findVirtual(threads, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
                .bindTo(bean);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }
}
