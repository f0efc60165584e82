package io.nfspawn.vcfmerge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/**
 * Made-up calls: sorted records over some contigs, with SNVs, indels, symbolic alleles with END,
 * and enough INFO to fill BGZF blocks. The same seed gives the same text.
 */
public final class Calls {
  private static final String COLUMNS =
      "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tNA12878\n";

  public final List<Contig> contigs;
  private final List<String> lines = new ArrayList<>();
  private final List<Locus> loci = new ArrayList<>();

  public Calls(List<Contig> contigs) {
    this.contigs = List.copyOf(contigs);
  }

  public static Calls random(long seed, List<Contig> contigs, int records) {
    Random random = new Random(seed);
    Calls calls = new Calls(contigs);
    for (Contig contig : contigs) {
      long[] positions =
          random
              .longs(records / contigs.size(), 1, Math.max(2, contig.length() - 2000))
              .sorted()
              .toArray();
      for (long pos : positions) {
        calls.add(contig.name(), pos, random);
      }
    }
    return calls;
  }

  private void add(String contig, long pos, Random random) {
    String ref = bases(random, random.nextInt(8) == 0 ? 1 + random.nextInt(40) : 1);
    String alt = random.nextInt(10) == 0 ? "<DEL>" : bases(random, 1 + random.nextInt(2));
    alt = alt.equals(ref) ? alt + "A" : alt;
    String end = alt.equals("<DEL>") ? "SVTYPE=DEL;END=" + (pos + random.nextInt(1500)) + ";" : "";
    String info =
        end + "DP=" + random.nextInt(90) + ";VDB=" + random.nextDouble() + ";CIEND=-5,5;MQ=60";
    add(contig, pos, ref, alt, info, random.nextInt(255));
  }

  public Calls add(String contig, long pos, String ref, String alt, String info, int pl) {
    loci.add(new Locus(contig, pos));
    lines.add(
        String.join(
                "\t",
                contig,
                Long.toString(pos),
                ".",
                ref,
                alt,
                "50.5",
                "PASS",
                info,
                "GT:PL",
                "0/1:" + pl + ",0,9")
            + "\n");
    return this;
  }

  private static String bases(Random random, int n) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < n; i++) {
      text.append("ACGT".charAt(random.nextInt(4)));
    }
    return text.toString();
  }

  public int size() {
    return lines.size();
  }

  public String header(String... invocation) {
    StringBuilder text =
        new StringBuilder("##fileformat=VCFv4.2\n##FILTER=<ID=PASS,Description=\"All\">\n");
    for (String line : invocation) {
      text.append(line).append('\n');
    }
    for (Contig contig : contigs) {
      text.append("##contig=<ID=%s,length=%d>\n".formatted(contig.name(), contig.length()));
    }
    return text
        + """
        ##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">
        ##INFO=<ID=VDB,Number=1,Type=Float,Description="Bias">
        ##INFO=<ID=MQ,Number=1,Type=Integer,Description="Mapping quality">
        ##INFO=<ID=END,Number=1,Type=Integer,Description="End">
        ##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type">
        ##INFO=<ID=CIEND,Number=2,Type=Integer,Description="Interval">
        ##ALT=<ID=DEL,Description="Deletion">
        ##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
        ##FORMAT=<ID=PL,Number=G,Type=Integer,Description="Likelihoods">
        """
        + COLUMNS;
  }

  public String body() {
    return String.join("", lines);
  }

  /** A whole VCF. */
  public byte[] vcf() {
    return (header() + body()).getBytes(StandardCharsets.UTF_8);
  }

  /** One chunk: the records whose POS lies in the core, below a header of its own. */
  public byte[] chunk(Interval core, String... invocation) {
    StringBuilder text = new StringBuilder(header(invocation));
    for (int i = 0; i < lines.size(); i++) {
      if (core.contains(loci.get(i).contig(), loci.get(i).pos() - 1)) {
        text.append(lines.get(i));
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Cores of at most {@code spanBp} bases over all contigs. */
  public MergePlan plan(long spanBp) {
    List<ExpectedChunk> chunks = new ArrayList<>();
    for (int c = 0; c < contigs.size(); c++) {
      Contig contig = contigs.get(c);
      for (long start = 0; start < contig.length(); start += spanBp) {
        Interval core =
            new Interval(contig.name(), start, Math.min(contig.length(), start + spanBp));
        chunks.add(new ExpectedChunk(new ChunkId(c + ":" + start), core));
      }
    }
    return MergePlan.of("digest-of-test", contigs, chunks);
  }

  /** Results of all planned chunks, in plan order. */
  public List<ChunkResult> results(MergePlan plan) {
    List<ChunkResult> results = new ArrayList<>();
    for (ExpectedChunk chunk : Objects.requireNonNull(plan.chunks())) {
      Interval core = Objects.requireNonNull(chunk.core());
      byte[] text = chunk(core, "##callCommand=call -r " + core);
      results.add(ChunkResult.of(chunk.id(), VcfSource.of("chunk " + chunk.id(), text)));
    }
    return results;
  }
}
