package io.nfspawn.pipeline.caller;

import io.nfspawn.bams3.Interval;
import java.util.List;

/**
 * The calls of one work item. Texts hold one char a byte (ISO-8859-1), so that every byte survives.
 *
 * @param header VCF header lines of this item; empty when {@link Caller#header} holds for all items
 * @param body record lines with POS in the core, as the caller printed them; each ends in a newline
 * @param records number of lines in {@code body}
 * @param overDepth where depth goes beyond what the caller keeps, so that its answer there depends
 *     on chance; within the core
 */
public record CalledItem(String header, String body, int records, List<Interval> overDepth) {
  public CalledItem {
    overDepth = List.copyOf(overDepth);
  }
}
