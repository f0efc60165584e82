package io.nfspawn.bams3.simulate;

import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMProgramRecord;
import htsjdk.samtools.SAMSequenceRecord;
import htsjdk.samtools.util.SequenceUtil;
import java.util.List;

/** The BAM's header: contigs with checksums, read groups, the command line. */
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
    options.model().readGroups(options.sample()).forEach(header::addReadGroup);
    SAMProgramRecord program = new SAMProgramRecord("bams3-simulate");
    program.setProgramName("bams3");
    program.setCommandLine(options.commandLine());
    header.addProgramRecord(program);
    return header;
  }
}
