package io.inferometer.benchmarks;

import io.inferometer.benchmarks.pages.PageKind;

/**
 * What was measured of one way to read one page.
 *
 * @param page which page
 * @param way which way
 * @param pageBytes its size
 * @param least the least time that one page took, in nanoseconds
 * @param median the median of all pages' times, in nanoseconds
 * @param allocated bytes allocated per page
 */
record Cell(PageKind page, Way way, int pageBytes, long least, long median, long allocated) {
    double megabytesPerSecond() {
        return 1e3 * pageBytes / least;
    }
}
