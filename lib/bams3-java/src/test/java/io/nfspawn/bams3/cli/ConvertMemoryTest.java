package io.nfspawn.bams3.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.LittleEndian;
import io.nfspawn.bams3.RecordBytes;
import io.nfspawn.bams3.bam.BgzfOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What {@code bams3 convert} takes of memory, heap and all else, when it is started as users start
 * it, with the threads of a large machine.
 */
@Tag("long")
class ConvertMemoryTest {
  private static final int THREADS = 36;
  private static final int MOST_MIB = 1024;

  @TempDir Path dir;

  /** Reads stacked on few places, with the largest pages there are; then long reads. */
  @ParameterizedTest
  @CsvSource({"150, 50000, 4000000, small", "20000, 500, 40000, balanced"})
  void shouldStayBelowAGibibyte(int readBp, int reads, int soakReads, String profile)
      throws Exception {
    Path bam = dir.resolve("in.bam");
    write(bam, readBp, Boolean.getBoolean("spawn.soak") ? soakReads : reads);
    List<String> command =
        new ArrayList<>(
            List.of(
                "/usr/bin/python3",
                "-c",
                """
                import resource, subprocess, sys
                subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
                print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10)
                """,
                launcher().toString()));
    command.addAll(List.of("convert", "--threads", "" + THREADS, "--profile", profile));
    command.addAll(List.of(bam.toString(), dir.resolve("out.bams3").toString()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String peakMib = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    assertThat(process.waitFor()).isZero();
    assertThat(Integer.parseInt(peakMib)).isBetween(50, MOST_MIB);
  }

  /** The users' launcher with its JVM options, beside what starts these classes instead. */
  private Path launcher() throws IOException {
    Path bin = Path.of(System.getProperty("spawn.root"), "workflows", "bin");
    Files.writeString(
        dir.resolve("_spawn_java"),
        """
        spawn_java() {
          local flags=()
          while [[ $1 == -* ]]; do flags+=("$1"); shift; done
          exec '%s/bin/java' -XX:+UseSerialGC "${flags[@]}" -cp '%s' "$@"
        }
        """
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    return Files.copy(bin.resolve("bams3"), dir.resolve("bams3"));
  }

  private static void write(Path bam, int readBp, int reads) throws IOException {
    Random random = new Random(1);
    RecordBytes record = new RecordBytes();
    record.name = "read";
    record.contig = 0;
    record.cigar = new int[] {RecordBytes.op(readBp, 'M')};
    record.bases = new byte[readBp];
    record.qualities = new byte[readBp];
    for (int i = 0; i < readBp; i++) {
      record.bases[i] = (byte) (1 << random.nextInt(4));
      record.qualities[i] = (byte) random.nextInt(40);
    }
    byte[] bytes = record.build();
    try (BgzfOutput out = new BgzfOutput(Files.newOutputStream(bam), 1)) {
      out.write(GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
      for (int i = 0; i < reads; i++) {
        LittleEndian.putInt32(bytes, 8, 1000 + i / 10_000);
        // qualities differ, so that encoders have work
        int last = bytes.length - readBp;
        bytes[last + i % readBp] = (byte) random.nextInt(40);
        out.write(bytes);
      }
      out.finish();
    }
  }
}
