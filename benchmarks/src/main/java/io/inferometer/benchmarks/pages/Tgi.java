package io.inferometer.benchmarks.pages;

import java.util.ArrayList;
import java.util.List;

/** What a router of TGI tells: 1,025 buckets of one family, and everything in another order at each scrape. */
final class Tgi {
    private static final double[] DURATIONS = geometric(0.0001, 1.5, 35);
    private static final double[] LENGTHS = linear(40.96, 100);
    private static final double[] SIZES = linear(1, 1024);

    private Tgi() {}

    static List<Family> families() {
        List<Family> families = new ArrayList<>();
        for (String name : List.of("tgi_request_count", "tgi_request_success")) {
            families.add(new Family(name, "counter", "Total number of requests").with(Series.counter(9)));
        }
        families.add(new Family("tgi_request_failure", "counter", "")
                .with(Series.still(2), "err=\"validation\"")
                .with(Series.still(1), "err=\"overloaded\""));
        families.add(new Family("tgi_batch_concat", "counter", "")
                .with(Series.counter(3), "reason=\"backpressure\"")
                .with(Series.counter(3), "reason=\"wait_exceeded\""));
        for (String name : List.of("tgi_batch_inference_success", "tgi_batch_inference_count")) {
            families.add(perMethod(new Family(name, "counter", "Calls per method"), 30, new double[0]));
        }
        for (String name : List.of("tgi_queue_size", "tgi_batch_current_size", "tgi_batch_current_max_tokens")) {
            families.add(new Family(name, "gauge", "At this moment").with(Series.gauge(90, 1)));
        }
        for (String name : List.of("inference", "decode", "filter", "forward")) {
            families.add(perMethod(
                    new Family("tgi_batch_" + name + "_duration", "histogram", "Time per method (prefill or decode)"),
                    30,
                    DURATIONS));
        }
        for (String name : List.of("mean_time_per_token", "inference", "validation", "queue")) {
            families.add(histogram("tgi_request_" + name + "_duration", "Duration per request", DURATIONS, 0.5));
        }
        families.add(histogram("tgi_request_duration", "Request duration", DURATIONS, 0.6));
        families.add(new Family("tgi_batch_concat_duration", "histogram", "")
                .with(new Histogram(DURATIONS, 0.4, 9), "reason=\"backpressure\""));
        for (String name : List.of("max_new_tokens", "generated_tokens", "input_length")) {
            families.add(histogram("tgi_request_" + name, "Tokens per request", LENGTHS, 0.5));
        }
        families.add(histogram("tgi_batch_next_size", "Batch size of the next batch", SIZES, 0.4));
        return families;
    }

    private static Family histogram(String name, String help, double[] bounds, double middle) {
        return new Family(name, "histogram", help).with(new Histogram(bounds, middle, 9));
    }

    private static Family perMethod(Family family, int pace, double[] bounds) {
        for (String method : List.of("prefill", "decode")) {
            Series series = bounds.length == 0 ? Series.counter(pace) : new Histogram(bounds, 0.5, pace);
            family.with(series, "method=\"" + method + '"');
        }
        return family;
    }

    private static double[] geometric(double first, double factor, int count) {
        double[] bounds = new double[count];
        double bound = first;
        for (int i = 0; i < count; i++) {
            bound *= factor;
            bounds[i] = bound;
        }
        return bounds;
    }

    private static double[] linear(double step, int count) {
        double[] bounds = new double[count];
        for (int i = 0; i < count; i++) {
            bounds[i] = step * (i + 1);
        }
        return bounds;
    }
}
