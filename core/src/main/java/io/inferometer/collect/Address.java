package io.inferometer.collect;

import java.net.URI;
import okhttp3.HttpUrl;

/** Something that is asked of a target: its URL without user-info, and that URL without its query, fit for messages. */
record Address(Target target, HttpUrl url, URI printable) {
    Address(Target target, HttpUrl url) {
        this(target, url, Target.printable(url));
    }
}
