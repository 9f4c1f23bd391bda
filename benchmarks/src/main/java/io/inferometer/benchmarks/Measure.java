package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;
import io.inferometer.benchmarks.pages.Scrape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures pages in all ways, ours and the peers', in one run: each way is a process of its own, so that no compiler
 * knows but one, and they take turns of a few milliseconds, so that what else the machine does hurts all alike.
 */
final class Measure {
    /** How many successive scrapes take turns. */
    static final int SCRAPES = 4;

    private final Plan plan;
    private final @Nullable Path goPeers;
    private final Path pages;

    /**
     * Prepares a run.
     *
     * @param goPeers the program that times the peers in Go, null where there is none
     * @param pages a directory for pages that it can read
     */
    Measure(Plan plan, @Nullable Path goPeers, Path pages) {
        this.plan = plan;
        this.goPeers = goPeers;
        this.pages = pages;
    }

    void into(Results results) throws IOException {
        for (PageKind page : plan.pages()) {
            measure(page, results);
        }
    }

    private void measure(PageKind page, Results results) throws IOException {
        System.err.println("… " + page.title());
        List<Scrape> scrapes = page.scrapes(SCRAPES);
        for (int i = 0; i < scrapes.size(); i++) {
            Files.write(pages.resolve(page.fileName() + "." + i), scrapes.get(i).bytes());
        }
        List<Contender> contenders = new ArrayList<>();
        try {
            for (Way way : plan.waysFor(page)) {
                if (way.suits(page) && (goPeers != null || !way.isGo())) {
                    contenders.add(new Contender(page, way, command(page, way)));
                }
            }
            run(contenders);
            int bytes = scrapes.get(0).bytes().length;
            contenders.forEach(contender -> results.add(contender.cell(bytes)));
        } finally {
            contenders.forEach(Contender::close);
        }
    }

    private void run(List<Contender> contenders) {
        contenders.parallelStream().forEach(contender -> contender.warmUp(plan.warmUpMillis()));
        for (Contender contender : contenders) {
            contender.warmUp(plan.warmUpMillis() / 4);
        }
        for (int round = 0; round < plan.rounds(); round++) {
            for (Contender contender : contenders) {
                contender.measure(plan.turnMillis());
            }
        }
    }

    private List<String> command(PageKind page, Way way) {
        if (goPeers != null && way.isGo()) {
            String prefix = pages.resolve(page.fileName()) + ".";
            return List.of(goPeers.toString(), prefix, String.valueOf(SCRAPES), way.argument());
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dorg.jboss.logging.provider=jdk", // Which hawkular uses, and which says less.
                "-cp",
                System.getProperty("java.class.path"),
                Worker.class.getName(),
                page.fileName(),
                way.name());
    }

    /**
     * What to measure, and how long.
     *
     * @param pages which pages
     * @param only which ways, all that suit a page if this is empty
     * @param warmUpMillis how long each way runs uncounted
     * @param rounds how many turns each way has
     * @param turnMillis how long a turn is; a page that takes longer is read once
     */
    record Plan(List<PageKind> pages, Set<Way> only, long warmUpMillis, int rounds, long turnMillis) {
        private static final Set<Way> OF_SIZES = EnumSet.of(Way.FULL, Way.REPEAT, Way.NEWLINES);

        Set<Way> waysFor(PageKind page) {
            if (!only.isEmpty()) {
                return only;
            }
            return switch (page) {
                case VLLM_1K, VLLM_10K, VLLM_1M, VLLM_10M -> OF_SIZES;
                default -> EnumSet.allOf(Way.class);
            };
        }
    }
}
