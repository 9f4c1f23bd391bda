package io.inferometer.exporter;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.inferometer.parser.Sample;
import io.inferometer.parser.SampleHandler;
import io.inferometer.parser.SkippedLine;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Prints each sample as one line of JSON, and each line that was skipped as one line of complaint. One thread. */
final class SamplePrinter implements SampleHandler {
    private static final double WHOLE_MAX = 1L << 53;

    private final Console console;
    private final JsonGenerator json;
    private boolean any;

    SamplePrinter(Console console) throws IOException {
        this.console = console;
        json = JsonFactory.builder()
                .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
                .build()
                .createGenerator(console.out(), JsonEncoding.UTF8)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                .setRootValueSeparator(new SerializedString("\n"));
    }

    @Override
    public void onSample(Sample sample) {
        try {
            write(sample);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean wantsSkippedLines() {
        return true;
    }

    @Override
    public void onSkippedLine(SkippedLine line) {
        console.complain("line %d, column %d: %s; line skipped".formatted(line.line(), line.column(), line.reason()));
    }

    /** Ends the last line and gives everything to the output. */
    void finish() throws IOException {
        json.flush();
        if (any) {
            console.out().write('\n');
        }
        console.out().flush();
    }

    private void write(Sample sample) throws IOException {
        any = true;
        json.writeStartObject();
        json.writeStringField("name", sample.name());
        json.writeObjectFieldStart("labels");
        for (int i = 0; i < sample.labelCount(); i++) {
            json.writeStringField(sample.labelName(i), sample.labelValue(i));
        }
        json.writeEndObject();
        json.writeStringField("value", text(sample.value()));
        json.writeFieldName("timestamp_ms");
        if (sample.hasTimestamp()) {
            json.writeNumber(sample.timestampMs());
        } else {
            json.writeNull();
        }
        json.writeStringField("type", sample.type().word());
        json.writeEndObject();
    }

    /** A decimal that reads back to the same double, or the word that a page would use. */
    static String text(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        boolean whole = value == Math.rint(value) && Math.abs(value) <= WHOLE_MAX;
        boolean negativeZero = value == 0 && Double.doubleToRawLongBits(value) != 0;
        return whole && !negativeZero ? Long.toString((long) value) : NumberOutput.toString(value, true);
    }
}
