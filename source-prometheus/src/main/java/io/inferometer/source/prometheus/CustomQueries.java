package io.inferometer.source.prometheus;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in the templates of users' own queries. */
final class CustomQueries {
    private static final Pattern PLACE = Pattern.compile("\\$(model|namespace)\\b");

    private CustomQueries() {}

    /** The template with {@code $model} and {@code $namespace} in it; they stand within double quotes and end nothing. */
    static String text(String template, ModelSelection selection) {
        return PLACE.matcher(template).replaceAll(place -> {
            String namespace = selection.namespace() == null ? "" : selection.namespace();
            String quoted = Promql.quoted(place.group(1).equals("model") ? selection.model() : namespace);
            return Matcher.quoteReplacement(quoted.substring(1, quoted.length() - 1));
        });
    }
}
