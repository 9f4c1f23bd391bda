package io.inferometer;

import io.inferometer.spi.CommonField;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An engine that can be read, because its backend is on the class path.
 *
 * <p>Immutable and safe to share.
 *
 * @param name the name to pass to {@link Collectors#forEngine}
 * @param title how people write it
 * @param aliases other names that are understood
 * @param versions which versions the backend covers
 * @param extras endpoints that {@code withExtra(...)} can add
 * @param support for each common field that it can fill, from which families or by which rule
 */
public record EngineInfo(
        String name,
        String title,
        Set<String> aliases,
        String versions,
        List<String> extras,
        Map<CommonField, String> support) {}
