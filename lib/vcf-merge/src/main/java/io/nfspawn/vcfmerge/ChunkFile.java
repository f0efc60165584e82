package io.nfspawn.vcfmerge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a chunk file by its beginning.
 *
 * @param id from its {@code ##spawn_chunk=} line, else its name without {@code .vcf.gz}
 * @param contigs of its header
 * @param sample the only sample column, null when there are none or several
 * @param firstContig of its first record, null when it has no records
 * @param firstPos POS of its first record
 */
public record ChunkFile(
    Path path,
    ChunkId id,
    List<Contig> contigs,
    @Nullable String sample,
    @Nullable String firstContig,
    long firstPos) {

  /**
   * @throws InvalidChunkException if there is no VCF
   */
  public static ChunkFile peek(Path path) throws IOException {
    try (VcfText text = VcfText.open(VcfSource.of(path))) {
      String named = VcfHeader.chunkIdIn(text.headerLines());
      VcfHeader header = VcfHeader.of(path.toString(), text.headerLines(), Set.of());
      String sample = header.samples().size() == 1 ? header.samples().get(0) : null;
      ChunkId id = new ChunkId(named == null || named.isBlank() ? stem(path) : named);
      Locus first = text.next() ? firstRecord(path, text) : null;
      return new ChunkFile(
          path,
          id,
          header.contigs(),
          sample,
          first == null ? null : first.contig(),
          first == null ? 0 : first.pos());
    }
  }

  /** File name without the suffixes of a VCF. */
  public static String stem(Path path) {
    return String.valueOf(path.getFileName()).replaceFirst("\\.vcf(\\.b?gz)?$", "");
  }

  private static Locus firstRecord(Path path, VcfText text) throws InvalidChunkException {
    int end = text.from();
    while (text.buffer()[end] != '\n') {
      end++;
    }
    VcfRecord record = new VcfRecord();
    String problem = record.parse(text.buffer(), text.from(), end);
    if (problem != null) {
      throw new InvalidChunkException(path.toString(), "record 1 " + problem);
    }
    String contig = new String(record.contigBytes(), StandardCharsets.UTF_8);
    return new Locus(contig, record.pos());
  }
}
