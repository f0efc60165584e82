package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMProgramRecord;
import htsjdk.samtools.SAMReadGroupRecord;
import htsjdk.samtools.SAMSequenceRecord;
import htsjdk.samtools.util.SequenceUtil;
import java.util.List;

/** The BAM's header: contigs with checksums, one read group a lane, the command line. */
final class AlignmentHeader {
  private AlignmentHeader() {}

  static SAMFileHeader of(List<ReferenceContig> contigs, SimulationOptions options) {
    SAMFileHeader header = new SAMFileHeader();
    header.setSortOrder(SAMFileHeader.SortOrder.coordinate);
    for (ReferenceContig contig : contigs) {
      SAMSequenceRecord sequence = new SAMSequenceRecord(contig.name(), contig.lengthBp());
      sequence.setMd5(SequenceUtil.calculateMD5String(contig.bases()));
      header.addSequence(sequence);
    }
    for (int lane = 1; lane <= Cluster.LANES; lane++) {
      header.addReadGroup(readGroup(lane, options.sample()));
    }
    SAMProgramRecord program = new SAMProgramRecord("bams3-simulate");
    program.setProgramName("bams3");
    program.setCommandLine(options.commandLine());
    header.addProgramRecord(program);
    return header;
  }

  private static SAMReadGroupRecord readGroup(int lane, String sample) {
    SAMReadGroupRecord group = new SAMReadGroupRecord(Cluster.readGroup(lane));
    group.setSample(sample);
    group.setLibrary(sample + "-1");
    group.setPlatform("ILLUMINA");
    group.setPlatformUnit(Cluster.readGroup(lane));
    return group;
  }
}
