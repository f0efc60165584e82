package io.nfspawn.transport.cli;

import java.util.Locale;

/**
 * What a bench came to.
 *
 * @param bandwidthMBps payload, 10^6 bytes a second
 * @param latencyUsMean half a round trip, mean
 * @param latencyUsP50 the same, median
 * @param latencyUsP99 the same, 99th percentile
 */
record BenchFigures(
    String wire,
    String provider,
    int sizeBytes,
    double bandwidthMBps,
    double latencyUsMean,
    double latencyUsP50,
    double latencyUsP99,
    double messagesPerSec,
    double allocatedBytesPerMessage) {

  String json() {
    return String.format(
        Locale.ROOT,
        "{\"wire\":\"%s\",\"provider\":\"%s\",\"size\":%d,\"bandwidthMBps\":%.1f,"
            + "\"latencyUsMean\":%.2f,\"latencyUsP50\":%.2f,\"latencyUsP99\":%.2f,\"messagesPerSec\":%.0f,"
            + "\"allocatedBytesPerMessage\":%.0f}",
        wire,
        provider,
        sizeBytes,
        bandwidthMBps,
        latencyUsMean,
        latencyUsP50,
        latencyUsP99,
        messagesPerSec,
        allocatedBytesPerMessage);
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%s%s, %d bytes: %.1f MB/s, %.0f messages/s, half a round trip %.2f us (99%%: %.2f us),"
            + " %.0f bytes allocated a message",
        wire,
        provider.isEmpty() ? "" : " over " + provider,
        sizeBytes,
        bandwidthMBps,
        messagesPerSec,
        latencyUsP50,
        latencyUsP99,
        allocatedBytesPerMessage);
  }
}
