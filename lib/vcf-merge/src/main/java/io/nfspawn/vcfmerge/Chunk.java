package io.nfspawn.vcfmerge;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that was read and found sound.
 *
 * @param first place of its first record, null when it has none
 * @param last place of its last record
 * @param sha256 of the record lines: repeats of a work item differ in header lines only
 */
record Chunk(
    ChunkResult result,
    @Nullable Interval core,
    VcfHeader header,
    Dictionary dictionary,
    ChunkBody body,
    long records,
    @Nullable Locus first,
    @Nullable Locus last,
    String sha256) {

  /** What reading needs to know beside the result itself. */
  record Rules(MergePlan plan, Set<String> invocationKeys, @Nullable VcfHeader canonical) {}

  /** Reads and checks; the caller closes the body. */
  static Chunk read(ChunkResult result, @Nullable Interval core, Rules rules, Scratch scratch)
      throws IOException {
    ChunkBody body = new ChunkBody(scratch);
    try (VcfText text = VcfText.open(result.vcf())) {
      String source = result.vcf().name();
      VcfHeader header = VcfHeader.of(source, text.headerLines(), rules.invocationKeys());
      if (rules.canonical() != null) {
        rules.canonical().requireAgreementOf(header);
      }
      Dictionary dictionary = Dictionary.of(rules.plan(), header);
      RecordCheck check = new RecordCheck(source, dictionary, core, header.columnCount());
      MessageDigest sha256 = Sha256.digest();
      while (text.next()) {
        check.lines(text.buffer(), text.from(), text.end());
        sha256.update(text.buffer(), text.from(), text.end() - text.from());
        body.append(text.buffer(), text.from(), text.end());
      }
      body.seal();
      String hex = HexFormat.of().formatHex(sha256.digest());
      return new Chunk(
          result, core, header, dictionary, body, check.count(), check.first(), check.last(), hex);
    } catch (IOException | RuntimeException e) {
      body.close();
      throw e;
    }
  }

  String name() {
    return result.vcf().name();
  }

  /** Over-deep intervals cut to the core. */
  List<Interval> overDepth() {
    Interval within = core;
    if (within == null) {
      return result.overDepth();
    }
    return result.overDepth().stream()
        .filter(i -> i.contig().equals(within.contig()))
        .filter(i -> i.start() < within.end() && i.end() > within.start())
        .map(
            i ->
                new Interval(
                    i.contig(),
                    Math.max(i.start(), within.start()),
                    Math.min(i.end(), within.end())))
        .toList();
  }

  MergeReceipt.MergedChunk receipt() {
    return new MergeReceipt.MergedChunk(
        result.id().value(), core, records, sha256, result.worker(), result.attempt());
  }
}
