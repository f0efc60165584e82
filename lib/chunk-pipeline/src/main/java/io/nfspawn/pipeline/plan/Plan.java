package io.nfspawn.pipeline.plan;

import io.nfspawn.bams3.Contig;
import io.nfspawn.pipeline.PipelineException;
import io.nfspawn.pipeline.WorkItem;
import java.nio.file.Path;
import java.util.List;

/**
 * What a gang is to call, complete before any of its members starts. Equal inputs give equal plans.
 *
 * @param digest SHA-256 of all that follows, hexadecimal
 * @param sample name of the result, and of the VCF's column when no read group names one
 * @param datasetDigest digest of the dataset that was planned
 * @param reference the genome it is called against
 * @param calling what is run on each item
 * @param contigs sequence dictionary of the dataset
 * @param items in dictionary order; their cores are disjoint
 */
public record Plan(
    String digest,
    String sample,
    String datasetDigest,
    PlannedReference reference,
    Calling calling,
    List<Contig> contigs,
    List<WorkItem> items) {
  public static final String SCHEMA = "nf-spawn/plan/1";

  /** Stands in {@link Calling#caller} for the caller that is built in. */
  public static final String BCFTOOLS = "bcftools";

  public Plan {
    contigs = List.copyOf(contigs);
    items = List.copyOf(items);
  }

  /**
   * The reference as it was when planned.
   *
   * @param path where it lay; members may be given another place
   * @param sizeBytes of the file
   * @param indexSha256 of its {@code .fai}
   */
  public record PlannedReference(String path, long sizeBytes, String indexSha256) {}

  /**
   * How each item is called.
   *
   * @param caller {@value Plan#BCFTOOLS} or a command template
   * @param arguments the user's words for it
   * @param spanBp length of a core, the last and those cut by regions apart
   * @param pad bases on both sides of the core; {@code auto} when chosen for each item
   */
  public record Calling(String caller, String arguments, int spanBp, String pad) {}

  /**
   * Reads and checks a plan file.
   *
   * @throws PipelineException when it is missing, of another version, or was changed
   */
  public static Plan read(Path file) {
    return PlanJson.read(file);
  }

  /** Writes it under a temporary name and publishes it by rename. */
  public void write(Path file) {
    PlanJson.write(this, file);
  }

  /** The plan with the digest that its content has. */
  static Plan sealed(
      String sample,
      String datasetDigest,
      PlannedReference reference,
      Calling calling,
      List<Contig> contigs,
      List<WorkItem> items) {
    Plan open = new Plan("", sample, datasetDigest, reference, calling, contigs, items);
    return open.withDigest(PlanJson.digest(open));
  }

  private Plan withDigest(String value) {
    return new Plan(value, sample, datasetDigest, reference, calling, contigs, items);
  }

  /**
   * @throws PipelineException when {@code dataset} is not the one that was planned
   */
  public void requireDataset(String place, String digestThere) {
    if (!digestThere.equals(datasetDigest)) {
      throw new PipelineException(
          "the plan was made for the dataset with digest "
              + datasetDigest
              + ", but "
              + place
              + " has "
              + digestThere
              + "; run spawn-chunks plan again for this dataset");
    }
  }

  /**
   * @throws PipelineException when {@code given} is not the reference that was planned
   */
  public void requireReference(PlannedReference given) {
    if (given.sizeBytes() != reference.sizeBytes()
        || !given.indexSha256().equals(reference.indexSha256())) {
      throw new PipelineException(
          "the plan was made for reference "
              + reference.path()
              + " ("
              + reference.sizeBytes()
              + " bytes), but "
              + given.path()
              + " ("
              + given.sizeBytes()
              + " bytes) is another; run spawn-chunks plan again with this reference");
    }
  }
}
