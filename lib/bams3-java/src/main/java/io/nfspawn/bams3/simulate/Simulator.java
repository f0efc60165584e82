package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Simulates a sequencing run: a reference, one diploid person, paired reads aligned to the
 * reference. Files: {@link DataSet}. One run an instance, on one thread and the BAM writer's.
 *
 * <pre>{@code
 * SimulationSummary made = new Simulator(SimulationOptions.ofSeed(1)).writeTo(Path.of("demo"));
 * }</pre>
 */
public final class Simulator {
  /** 21 is the smaller one, as in the human genome. */
  private static final double SHARE_OF_CHR21 = 0.48;

  private final SimulationOptions options;

  public Simulator(SimulationOptions options) {
    this.options = options;
  }

  /** Files get their names only when all are complete: a failure leaves the directory as it was. */
  public SimulationSummary writeTo(Path directory) throws SimulationException {
    try (StagingDirectory staging = StagingDirectory.of(directory, options.estimatedBytes())) {
      SimulationSummary summary = write(new DataSet(staging.path()), directory);
      staging.publish();
      return summary;
    } catch (IOException | RuntimeException e) {
      throw StagingDirectory.explain(directory, options.estimatedBytes(), e);
    }
  }

  private SimulationSummary write(DataSet files, Path directory) throws IOException {
    List<ReferenceContig> contigs = drawReference();
    ReferenceFasta.write(contigs, files);
    List<List<Variant>> variants = drawVariants(contigs);
    TruthVcf.write(contigs, variants, options, files);
    long reads = writeReads(contigs, variants, files);
    int all = variants.stream().mapToInt(List::size).sum();
    int snvs = (int) variants.stream().flatMap(List::stream).filter(Variant::isSnv).count();
    return new SimulationSummary(directory, contigs.size(), snvs, all - snvs, reads);
  }

  private List<ReferenceContig> drawReference() {
    ReferenceModel model = new ReferenceModel(options.seed());
    int chr21 = (int) (options.lengthBp() * SHARE_OF_CHR21);
    return List.of(
        model.draw("chr21", chr21), model.draw("chr22", (int) options.lengthBp() - chr21));
  }

  private List<List<Variant>> drawVariants(List<ReferenceContig> contigs) {
    VariantModel model = new VariantModel(options.model().variants(), options.seed());
    List<List<Variant>> variants = new ArrayList<>();
    contigs.forEach(contig -> variants.add(model.draw(contig)));
    return variants;
  }

  private long writeReads(
      List<ReferenceContig> contigs, List<List<Variant>> variants, DataSet files)
      throws IOException {
    SAMFileHeader header = AlignmentHeader.of(contigs, options);
    ReadSource source = options.model().source(header, options);
    AlignmentFile bam = new AlignmentFile(header, files.bam());
    try (bam) {
      for (int i = 0; i < contigs.size(); i++) {
        sequenceContig(contigs.get(i), variants.get(i), source, bam);
      }
      double junkShare = options.model().junkPairs();
      int junk = (int) (options.fragmentsFor((int) options.lengthBp()) * junkShare);
      for (int i = 0; i < junk; i++) {
        source.sequenceJunk(bam);
      }
    }
    Files.move(files.indexAsHtsjdkNamesIt(), files.bamIndex());
    return bam.records();
  }

  private void sequenceContig(
      ReferenceContig contig, List<Variant> variants, ReadSource source, AlignmentFile bam) {
    double slipRate = options.model().slipRate();
    List<Haplotype> haplotypes =
        List.of(
            Haplotype.of(contig, variants, 0, slipRate),
            Haplotype.of(contig, variants, 1, slipRate));
    FragmentSource fragments =
        new FragmentSource(
            haplotypes,
            options.model().lengths(options),
            options.fragmentsFor(contig.lengthBp()),
            RandomStream.of(options.seed(), "fragments of " + contig.name()));
    while (fragments.hasNext()) {
      bam.flushBefore(fragments.nextStart());
      source.sequence(fragments.next(), bam);
    }
    bam.endContig();
  }
}
