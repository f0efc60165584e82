package io.nfspawn.vcfmerge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user reads when a chunk is not what it should be. */
class BadChunkTest {
  private static final List<Contig> CONTIGS =
      List.of(new Contig("chr1", 10_000), new Contig("chr2", 5_000));
  private static final Interval CORE = new Interval("chr1", 0, 1000);

  @TempDir Path dir;
  private final Calls good = new Calls(CONTIGS).add("chr1", 5, "A", "C", "DP=1", 1);

  @Test
  void shouldSayWhatItIsWhenItIsNoVcf() {
    assertRefused("hello\n", "x: is not a VCF: begins with 'hello', expected '##fileformat=VCF'");
    assertRefused("BAM\1x", "x: is not a VCF: begins with 'BAM?x', expected '##fileformat=VCF'");
    assertRefused("BCF\2\2", "x: is BCF; convert it with bcftools view -O z");
    assertRefused("", "x: is empty, expected a VCF");
    assertRefused("##fileformat=VCFv4.2\n", "x: has no #CHROM line");
    assertRefused(
        "##fileformat=VCFv4.2\nchr1\t5\n", "x: has 'chr1\t5' where the #CHROM line is expected");
  }

  @Test
  void shouldSayThatItIsCutOff() throws IOException {
    assertRefused(
        good.header() + "chr1\t5\t.\tA",
        "x: is cut off: the last line is not ended; call it again");
    Path file = Files.write(dir.resolve("x.vcf"), Calls.random(1, CONTIGS, 50_000).chunk(CORE));
    byte[] bgzf = Tool.runForBytes("bgzip", "-c", file);
    assertRefused(
        Arrays.copyOf(bgzf, bgzf.length - 28),
        "x: is cut off: no BGZF end-of-file block; call it again");
    assertRefused(
        Arrays.copyOf(bgzf, bgzf.length - 128),
        "x: is cut off: ends inside a BGZF block; call it again");
    byte[] gzip = Tool.runForBytes("gzip", "-c", file);
    assertRefused(
        Arrays.copyOf(gzip, gzip.length - 128),
        "x: is cut off: Unexpected end of ZLIB input stream; call it again");
    bgzf[5000] ^= 1;
    assertThatThrownBy(() -> accept(bgzf)).hasMessageMatching("x: is damaged: .*; call it again");
  }

  @Test
  void shouldNameTheRecordThatIsOutOfPlace() {
    Calls calls = new Calls(CONTIGS).add("chr1", 5, "A", "C", ".", 1);
    assertRefused(
        calls.add("chr1", 4, "A", "C", ".", 1),
        "x: record 2 at chr1:4 comes after chr1:5: not sorted; use bcftools sort");
    assertRefused(
        new Calls(CONTIGS).add("chr2", 5, "A", "C", ".", 1).add("chr1", 7, "A", "C", ".", 1),
        "x: record 1 at chr2:5 lies outside the chunk's core chr1:1-1000");
    assertRefused(
        new Calls(CONTIGS).add("chr1", 1001, "A", "C", ".", 1),
        "x: record 1 at chr1:1001 lies outside the chunk's core chr1:1-1000");
    assertRefused(
        new Calls(CONTIGS).add("chr3", 1, "A", "C", ".", 1),
        "x: record 1 names contig 'chr3', which the sequence dictionary does not have");
    assertRefused(
        good.header() + "chr1\tx\t.\tA\tC\t.\t.\t.\tGT\t0/1\n",
        "x: record 1 POS is not a number of at most 18 digits");
    assertRefused(
        good.header() + "chr1\t5\t.\tA\tC\t.\t.\t.\tGT\n",
        "x: record 1 has 9 columns, the header 10");
    assertRefused(good.header() + "chr1\t5\t.\tA\tC\n", "x: record 1 has fewer than 8 columns");
  }

  @Test
  void shouldNameTheFirstLineThatDiffersWhenHeadersDisagree() throws IOException {
    String text = new String(good.vcf(), UTF_8);
    assertRefusedAfterGood(
        text.replace("ID=chr2,length=5000", "ID=chr2,length=5001"),
        "x: header differs from that of first: '##contig=<ID=chr2,length=5001>' v expected"
            + " '##contig=<ID=chr2,length=5000>'; merge only chunks that the same caller made with"
            + " the same reference and samples");
    assertRefusedAfterGood(
        text.replace("\tNA12878\n", "\tother\n"),
        "x: header differs from that of first:"
            + " '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tother' v expected"
            + " '#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA12878'; merge only chunks"
            + " that the same caller made with the same reference and samples");
    assertRefusedAfterGood(
        text.replace("#CHROM", "##extra=1\n#CHROM"),
        "x: header differs from that of first: '##extra=1' v expected '(end of header)'; merge only"
            + " chunks that the same caller made with the same reference and samples");
  }

  @Test
  void shouldSayThatTheChunkIsNotPlannedOrTheDictionaryIsNot() {
    assertThatThrownBy(
            () -> {
              try (OrderedMerge merge = OrderedMerge.open(request(CONTIGS))) {
                merge.accept(ChunkResult.of(new ChunkId("9:9"), VcfSource.of("x", good.vcf())));
              }
            })
        .hasMessage("x: chunk 9:9 is not one of the 2 in the plan");
    assertThatThrownBy(
            () -> {
              try (OrderedMerge merge =
                  OrderedMerge.open(request(List.of(new Contig("chr1", 9_999))))) {
                merge.accept(ChunkResult.of(new ChunkId("0:0"), VcfSource.of("x", good.vcf())));
              }
            })
        .hasMessage(
            "x: contig chr1 has 10000 bases, 9999 in the plan; call with the reference of the plan");
  }

  private void assertRefused(Calls calls, String message) {
    assertRefused(calls.vcf(), message);
  }

  private void assertRefused(String text, String message) {
    assertRefused(text.getBytes(UTF_8), message);
  }

  private void assertRefused(byte[] vcf, String message) {
    assertThatThrownBy(() -> accept(vcf))
        .isInstanceOf(InvalidChunkException.class)
        .hasMessage(message);
  }

  private void accept(byte[] vcf) throws IOException {
    try (OrderedMerge merge = OrderedMerge.open(request(CONTIGS))) {
      merge.accept(ChunkResult.of(new ChunkId("0:0"), VcfSource.of("x", vcf)));
    }
  }

  private void assertRefusedAfterGood(String text, String message) throws IOException {
    try (OrderedMerge merge = OrderedMerge.open(request(CONTIGS))) {
      merge.accept(ChunkResult.of(new ChunkId("0:0"), VcfSource.of("first", good.vcf())));
      assertThatThrownBy(
              () ->
                  merge.accept(
                      ChunkResult.of(
                          new ChunkId("0:1000"), VcfSource.of("x", text.getBytes(UTF_8)))))
          .isInstanceOf(HeaderMismatchException.class)
          .hasMessage(message);
    }
  }

  private MergeRequest request(List<Contig> contigs) {
    List<ExpectedChunk> chunks =
        List.of(
            new ExpectedChunk(new ChunkId("0:0"), CORE),
            new ExpectedChunk(new ChunkId("0:1000"), new Interval("chr1", 1000, 2000)));
    return MergeRequest.of(
        "s", MergeTarget.beside(dir.resolve("o.vcf.gz")), MergePlan.of("d", contigs, chunks));
  }
}
