package io.nfspawn.bams3.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import htsjdk.samtools.BamIndexValidator.IndexValidationStringency;
import htsjdk.samtools.SAMFileHeader;
import htsjdk.samtools.SAMRecord;
import htsjdk.samtools.SamFileValidator;
import htsjdk.samtools.SamReader;
import htsjdk.samtools.SamReaderFactory;
import htsjdk.samtools.reference.ReferenceSequenceFileFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files as samtools, bcftools and htsjdk see them. */
class SimulatedDataTest {
  private static final SimulationOptions OPTIONS =
      new SimulationOptions(7, 200_000, 20, 150, "NA00007");

  @TempDir static Path scratch;

  private static DataSet data;
  private static ToolRun tools;

  @BeforeAll
  static void simulate() throws SimulationException {
    data = simulate(OPTIONS, "data");
    tools = new ToolRun(data.directory());
  }

  private static DataSet simulate(SimulationOptions options, String name)
      throws SimulationException {
    Path directory = scratch.resolve(name);
    new Simulator(options).writeTo(directory);
    return new DataSet(directory);
  }

  @Test
  void shouldGiveTheSameBytesWhenTheSeedIsTheSame() throws Exception {
    DataSet again = simulate(OPTIONS, "again");

    for (String name : DataSet.NAMES) {
      assertThat(Files.mismatch(data.directory().resolve(name), again.directory().resolve(name)))
          .as(name)
          .isEqualTo(-1);
    }
  }

  @Test
  void shouldGiveOtherDataWhenTheSeedIsAnother() throws Exception {
    DataSet other = simulate(new SimulationOptions(8, 200_000, 20, 150, "NA00007"), "other");

    assertThat(Files.mismatch(data.fasta(), other.fasta())).isBetween(0L, 5_000L);
    assertThat(Files.mismatch(data.truthVcf(), other.truthVcf())).isNotEqualTo(-1);
  }

  @Test
  void shouldPassHtsjdksValidation() throws IOException {
    StringWriter findings = new StringWriter();
    SamFileValidator validator = new SamFileValidator(new PrintWriter(findings), 8_000);
    validator.setIndexValidationStringency(IndexValidationStringency.EXHAUSTIVE);
    try (SamReader reader = SamReaderFactory.makeDefault().open(data.bam());
        var reference = ReferenceSequenceFileFactory.getReferenceSequenceFile(data.fasta())) {
      assertThat(validator.validateSamFileVerbose(reader, reference))
          .as(findings.toString())
          .isTrue();
    }
  }

  @Test
  void shouldBeSoundToSamtools() throws Exception {
    assertThat(tools.output("samtools quickcheck sample.bam")).isEmpty();
    assertThat(
            tools.output(
                "samtools faidx -o /dev/null --fai-idx mine reference.fa chr21; cat mine; rm mine"))
        .isEqualTo(Files.readString(data.fastaIndex()));
    assertThat(tools.output("samtools calmd sample.bam reference.fa 2>&1 > /dev/null")).isEmpty();
    assertThat(tools.output("samtools sort sample.bam 2> /dev/null | samtools view | md5sum"))
        .isEqualTo(tools.output("samtools view sample.bam | md5sum"));
    assertThat(tools.output("samtools dict reference.fa | grep -o 'SN.*M5:[0-9a-f]*'"))
        .isEqualTo(tools.output("samtools view -H sample.bam | grep -o 'SN.*M5:[0-9a-f]*'"));
  }

  @Test
  void shouldHoldEveryKindOfRead() throws Exception {
    long reads = count("");
    assertThat(reads).isBetween(26_666L, 28_500L);
    assertThat(count("-f 0x400")).isBetween(reads / 100, reads / 20);
    assertThat(count("-f 0x4 -F 0x8")).isPositive();
    assertThat(count("-f 0xc")).isPositive();
    assertThat(count("-F 0x4 -e 'cigar=~\"S\"'")).isBetween(reads / 200, reads / 10);
    assertThat(count("-e 'cigar=~\"I\" || cigar=~\"D\"'")).isPositive();
    assertThat(count("-q 60")).isGreaterThan(reads * 8 / 10);
    assertThat(count("-F 0xc -e '![MC] || ![MQ] || ![MD]'")).isZero();
    assertThat(tools.output("samtools view sample.bam | cut -f 1 | sort | uniq -c | awk '$1 != 2'"))
        .isEmpty();
  }

  private static long count(String filter) throws Exception {
    return Long.parseLong(tools.output("samtools view -c " + filter + " sample.bam").strip());
  }

  @Test
  void shouldPlaceAnUnmappedReadWhereItsMateIs() throws IOException {
    try (SamReader reader = SamReaderFactory.makeDefault().open(data.bam())) {
      for (SAMRecord record : reader) {
        if (record.getReadUnmappedFlag() && !record.getMateUnmappedFlag()) {
          assertThat(record.getAlignmentStart()).isEqualTo(record.getMateAlignmentStart());
        }
      }
      SAMFileHeader header = reader.getFileHeader();
      assertThat(header.getSortOrder()).isEqualTo(SAMFileHeader.SortOrder.coordinate);
      assertThat(header.getReadGroups()).hasSize(2).allMatch(g -> g.getSample().equals("NA00007"));
      assertThat(header.getProgramRecords().get(0).getCommandLine())
          .isEqualTo(
              "bams3 simulate --seed 7 --length 200000 --coverage 20.0 --read-length 150 --sample"
                  + " NA00007");
    }
  }

  @Test
  void shouldDrawErrorsAsOftenAsTheQualitiesSay() {
    RandomStream random = RandomStream.of(3, "test");
    QualityModel model = new QualityModel(150, true);
    double expected = 0;
    int errors = 0;
    for (int read = 0; read < 20_000; read++) {
      byte[] bases = new byte[150];
      byte[] qualities = new byte[150];
      Arrays.fill(bases, (byte) 'A');
      model.sequence(bases, qualities, read % 2 == 0, random);
      for (int i = 0; i < 150; i++) {
        expected += Math.pow(10, -qualities[i] / 10.0);
        errors += bases[i] == 'A' ? 0 : 1;
        assertThat(qualities[i]).isBetween((byte) 2, (byte) 41);
      }
    }
    assertThat((double) errors).isBetween(expected * 0.97, expected * 1.03);
  }

  @Test
  void shouldWriteTruthThatIsNormalisedAndPhased() throws Exception {
    assertThat(
            tools.output(
                "bcftools norm --no-version --check-ref e -f reference.fa truth.vcf.gz 2> /dev/null"
                    + " | grep -v '^##'"))
        .isEqualTo(tools.output("zcat truth.vcf.gz | grep -v '^##'"));
    String genotypes = tools.output("bcftools query -f '[%GT]\\n' truth.vcf.gz | sort -u");
    assertThat(genotypes.lines()).containsExactly("0|1", "1|0", "1|1");
    for (String type : new String[] {"-v snps -g het", "-v snps -g hom", "-v indels"}) {
      assertThat(tools.output("bcftools view -H " + type + " truth.vcf.gz")).as(type).isNotEmpty();
    }
    assertThat(tools.output("tabix truth.vcf.gz chr21 chr22"))
        .isEqualTo(tools.output("bcftools view -H truth.vcf.gz"));
    assertThat(tools.output("bcftools query -l truth.vcf.gz").strip()).isEqualTo("NA00007");
  }
}
