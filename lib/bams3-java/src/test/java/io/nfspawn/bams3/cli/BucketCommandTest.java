package io.nfspawn.bams3.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.nfspawn.bams3.Dataset;
import io.nfspawn.bams3.GeneratedBam;
import io.nfspawn.bams3.Samtools;
import io.nfspawn.bams3.serve.HtsgetServer;
import io.nfspawn.bams3.store.S3Options;
import io.nfspawn.bams3.store.Store;
import io.nfspawn.bams3.store.s3.S3Server;
import io.nfspawn.bams3.store.s3.S3Store;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on {@code s3://} places, against a real server. */
@Tag("long")
class BucketCommandTest {
  @TempDir static Path dir;
  private static Path bam;
  private static String prefix;
  private static String place;
  private static S3Options options;

  @BeforeAll
  static void convert() throws IOException {
    options = S3Server.s3Proxy().options();
    prefix = S3Server.newPrefix();
    place = "s3://" + S3Server.BUCKET + "/" + prefix;
    bam = dir.resolve("in.bam");
    new GeneratedBam(31)
        .addRecords(3000)
        .sortByCoordinate()
        .write(bam, GeneratedBam.header("@HD\tVN:1.6\tSO:coordinate"));
    Samtools.run("index", bam.toString());
    try (Store store = S3Store.open(S3Server.BUCKET, prefix, options);
        Store.Upload upload = store.create("in.bam")) {
      Files.copy(bam, upload);
      upload.publish();
    }
    assertThat(run("convert", "--span", "64K", place + "/in.bam", place + "/x.bams3")).isZero();
  }

  private static int run(String... arguments) {
    return Bams3Command.run(withServer(arguments));
  }

  private static String[] withServer(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("--s3-endpoint", String.valueOf(options.endpoint()), "--s3-anonymous"));
    return all.toArray(new String[0]);
  }

  @Test
  void shouldGiveTheSameRecordsFromABucket() throws IOException {
    Path whole = dir.resolve("whole.bam");
    assertThat(run("to-bam", place + "/x.bams3", whole.toString())).isZero();
    assertThat(Samtools.text("view", "-h", "--no-PG", whole.toString()))
        .isEqualTo(Samtools.text("view", "-h", "--no-PG", bam.toString()));
    Path some = dir.resolve("some.sam");
    assertThat(run("query", "-o", some.toString(), place + "/x.bams3", "{chr1}:1000-90000"))
        .isZero();
    assertThat(Files.readString(some, java.nio.charset.StandardCharsets.ISO_8859_1))
        .isEqualTo(Samtools.view(bam, "{chr1}:1000-90000"));
    assertThat(run("verify", place + "/x.bams3/")).isZero();
  }

  @Test
  void shouldAskThreeTimesForARegion() throws Exception {
    String region = "{chr1}:5000-15000";
    CommandRun count = stats("query", "--count", place + "/x.bams3", region);
    assertThat(count.out()).isEqualTo(Samtools.text("view", "-c", bam.toString(), region));
    assertThat(count.err()).matches(requests(3));
    CommandRun records = stats("query", place + "/x.bams3", region);
    assertThat(records.out()).isEqualTo(Samtools.view(bam, region));
    assertThat(records.err()).matches(requests(3));
  }

  @Test
  void shouldAskOnceForTheNumbersOfTheManifest() throws Exception {
    CommandRun counts = stats("stats", place + "/x.bams3");
    assertThat(counts.out())
        .isEqualTo(
            Samtools.text("flagstat", bam.toString())
                + "\n"
                + Samtools.text("idxstats", bam.toString()));
    assertThat(counts.err()).matches(requests(1));
  }

  @Test
  void shouldServeARegionForThreeRequests() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Dataset dataset = Dataset.open(URI.create(place + "/x.bams3"), options);
        HtsgetServer server = HtsgetServer.start(Map.of("x", dataset), anyPort, 2, null)) {
      String url = server.url("x") + "?referenceName=chr1&start=4999&end=15000";
      assertThat(Samtools.text("view", url)).isEqualTo(Samtools.view(bam, "{chr1}:5000-15000"));
      assertThat(dataset.traffic().requests()).isEqualTo(3);
    }
  }

  private static CommandRun stats(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add(1, "--stats");
    CommandRun run = CommandRun.of(withServer(all.toArray(new String[0])));
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private static String requests(int number) {
    return "requests %d \\(0 of them repeats\\), bytes read \\d+, bytes written 0\n"
        .formatted(number);
  }

  @Test
  void shouldLeaveNothingButTheDatasetAndReplaceItOnlyWhenTold() throws Exception {
    String again = place + "/again.bams3";
    assertThat(run("convert", place + "/in.bam", again)).isZero();
    CommandRun refused = CommandRun.of(withServer("convert", bam.toString(), again));
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualTo("bams3: " + again + ": a dataset is there already; --force replaces it\n");
    assertThat(run("convert", "--force", bam.toString(), again)).isZero();
    try (Store store = S3Store.open(S3Server.BUCKET, prefix + "/again.bams3", options)) {
      assertThat(store.list("")).contains("manifest.json").doesNotContain("writer.claim");
    }
  }

  @Test
  void shouldStartOverAfterAKilledConversionButNotBesideALivingOne() throws Exception {
    String target = place + "/killed.bams3";
    byte[] header = GeneratedBam.header("");
    Path large = new GeneratedBam(32).addRecords(30_000).write(dir.resolve("large.bam"), header);
    byte[] input = Files.readAllBytes(large);
    Process first =
        new ProcessBuilder(CommandRun.command(withServer("convert", "--span", "4K", "-", target)))
            .redirectErrorStream(true)
            .start();
    try (Store store = S3Store.open(S3Server.BUCKET, prefix + "/killed.bams3", options);
        OutputStream pipe = first.getOutputStream()) {
      pipe.write(input, 0, input.length / 2);
      pipe.flush();
      // waits for the rest of its input
      await().atMost(Duration.ofMinutes(1)).until(() -> !store.list("writer.claim").isEmpty());
      CommandRun second = CommandRun.of(withServer("convert", bam.toString(), target));
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.err())
          .isEqualTo(
              "bams3: %s: another conversion to it is under way (process %d on this host); wait for it, or --force starts over\n"
                  .formatted(target, first.pid()));
      first.destroyForcibly(); // kill -9
      assertThat(first.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(store.list("")).contains("writer.claim").doesNotContain("manifest.json");
      assertThat(run("convert", bam.toString(), target)).isZero();
      assertThat(store.list("").stream().filter(key -> key.startsWith("writer"))).isEmpty();
    } catch (IOException e) {
      assertThat(first.isAlive()).isFalse(); // its end of the pipe is gone
    } finally {
      first.destroyForcibly();
    }
    assertThat(run("verify", target)).isZero();
  }

  @Test
  void shouldSayWhatIsMissing() throws Exception {
    CommandRun none = CommandRun.of(withServer("convert", place + "/none.bam", place + "/y"));
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.err())
        .isEqualTo("bams3: " + place + "/none.bam: there is no such object; check the key\n");
  }

  @Test
  void shouldNotLoadTheSdkForALocalDataset() throws Exception {
    Path local = dir.resolve("local.bams3");
    assertThat(Bams3Command.run("convert", bam.toString(), local.toString())).isZero();
    Path classes = dir.resolve("classes.txt");
    List<String> command = CommandRun.command("query", "--count", local.toString(), "chr1:1-9");
    command.add(1, "-Xlog:class+load:file=" + classes);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("out").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readAllLines(classes))
        .anyMatch(line -> line.contains("io.nfspawn.bams3"))
        .noneMatch(line -> line.contains("software.amazon.") || line.contains("org.apache.http"))
        .noneMatch(line -> line.contains("com.sun.net.httpserver"));
  }
}
