package io.inferometer.collect;

import io.inferometer.snapshot.EngineSnapshot;
import io.inferometer.snapshot.MetricGroup;
import io.inferometer.spi.Endpoint;
import io.inferometer.spi.EngineBackend;
import io.inferometer.spi.PartialPage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one target whose engine is known, in the cheapest way that was seen to be right there. For one thread at a time.
 */
final class EngineReader<S extends EngineSnapshot> implements Watch.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsCollector.class);
    private static final Set<MetricGroup> LOAD = Set.of(MetricGroup.LOAD);

    /** Longer requests are refused by some servers and proxies. */
    private static final int REQUEST_LINE_MAX = 4000;

    /** More wishes than this for one target are read from whole pages. */
    private static final int PROOFS_MAX = 8;

    private final EngineBackend<S> backend;
    private final ConfiguredCollector<?> collector;
    private final Addresses addresses;
    private final Attempts loadEndpoint;
    private final LongSupplier nanos;
    private final Map<Set<MetricGroup>, PartialProof> proofs = new LinkedHashMap<>();
    private Set<String> namesAsked = Set.of();
    private @Nullable Address lastPart;

    EngineReader(EngineBackend<S> backend, ConfiguredCollector<?> collector, Addresses addresses, LongSupplier nanos) {
        this.backend = backend;
        this.collector = collector;
        this.addresses = addresses;
        this.loadEndpoint = new Attempts(nanos);
        this.nanos = nanos;
    }

    @Override
    public S read(Set<MetricGroup> groups, Watch.Tools tools, ActiveCall active) {
        Scraper scraper = collector.scraper(addresses, groups, tools.client(), tools.kept(), active);
        try {
            S load = loadAlone(groups, scraper);
            return load == null ? fromPage(groups, scraper) : load;
        } catch (CollectException e) {
            forgetProofs(); // Whoever answers next may be another.
            throw e;
        }
    }

    @Override
    public long retainedBytes() {
        return proofs.values().stream().mapToLong(PartialProof::bytes).sum();
    }

    private void forgetProofs() {
        proofs.values().forEach(PartialProof::forget);
        loadEndpoint.startOver();
    }

    private @Nullable S loadAlone(Set<MetricGroup> groups, Scraper scraper) {
        Endpoint endpoint = collector.options.shortcuts() && groups.equals(LOAD) ? backend.loadEndpoint() : null;
        if (endpoint == null || !loadEndpoint.mayTry()) {
            return null;
        }
        S snapshot = scraper.loadAloneOrNull(backend, endpoint);
        if (snapshot == null) {
            loadEndpoint.failed();
        } else {
            loadEndpoint.worked();
        }
        return snapshot;
    }

    private S fromPage(Set<MetricGroup> groups, Scraper scraper) {
        PartialProof proof = proofFor(groups);
        if (proof == null) {
            return scraper.scrape(backend);
        }
        if (!proof.mayAsk()) {
            SeriesSet.Recorder recorder = proof.ofWholePage();
            S snapshot = scraper.scrape(backend, recorder);
            proof.sawWhole(recorder.series(), snapshot.header().startedAt());
            return snapshot;
        }
        Address address = partAddress(proof);
        Scraper.PartOfPage part = address == null ? null : askForPart(address, proof, scraper);
        if (address != null
                && part != null
                && proof.accepts(part.series(), part.page().startedAt())) {
            return scraper.completeFromPart(backend, part.page(), address);
        }
        return wholeAfter(part, proof, scraper);
    }

    private S wholeAfter(Scraper.@Nullable PartOfPage part, PartialProof proof, Scraper scraper) {
        SeriesSet.Recorder recorder = proof.ofWholePage();
        S snapshot = scraper.scrape(backend, recorder);
        proof.sawWholeAfter(
                part == null ? null : part.series(),
                part == null ? null : part.page().startedAt(),
                recorder.series(),
                snapshot.header().startedAt());
        return snapshot;
    }

    private Scraper.@Nullable PartOfPage askForPart(Address address, PartialProof proof, Scraper scraper) {
        try {
            return scraper.part(backend, address, proof.ofPart());
        } catch (CollectException e) {
            LOG.debug(
                    "{} gave no part of its page, so the whole is asked for: {}", address.printable(), e.getMessage());
            return null;
        }
    }

    /** What was seen for this wish; null where the engine offers no part of its page, or the user wants none. */
    private @Nullable PartialProof proofFor(Set<MetricGroup> groups) {
        if (!collector.options.shortcuts() || backend.partialPage() == null) {
            return null;
        }
        if (groups.isEmpty()) {
            return null;
        }
        PartialProof known = proofs.get(groups);
        Wanted wanted = collector.state.wanted(backend.table(), groups);
        if (known != null || wanted == null || proofs.size() == PROOFS_MAX) {
            return known;
        }
        PartialProof fresh = new PartialProof(wanted, nanos);
        proofs.put(groups, fresh);
        return fresh;
    }

    /** Null when the request would be too long, or the target's own query asks for a part already. */
    private @Nullable Address partAddress(PartialProof proof) {
        PartialPage part = backend.partialPage();
        if (part == null || addresses.query().containsKey(part.parameter())) {
            return null;
        }
        if (lastPart == null || !proof.names().equals(namesAsked)) {
            namesAsked = proof.names();
            lastPart = addresses.with(part.path(), part.parameter(), namesAsked);
        }
        return lastPart.url().toString().length() > REQUEST_LINE_MAX ? null : lastPart;
    }
}
