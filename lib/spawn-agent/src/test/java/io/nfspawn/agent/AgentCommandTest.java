package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What whoever starts an agent by hand gets to read. */
class AgentCommandTest {
  private static final String SHA = "ab".repeat(32);

  @TempDir Path directory;
  private String errors = "";

  private Path token(String permissions, String content) throws IOException {
    Path file =
        Files.createFile(
            directory.resolve("token"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
    return Files.writeString(file, content);
  }

  private int run(Path tokenFile, String driver, String certificate) {
    var arguments =
        new ArrayList<>(
            List.of(
                "--driver=" + driver,
                "--certificate=" + certificate,
                "--token-file=" + tokenFile,
                "--instance=i-1",
                "--millicpus=1000",
                "--memory=1",
                "--scratch=" + directory));
    PrintStream before = System.err;
    var captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      return AgentCommand.execute(arguments.toArray(String[]::new));
    } finally {
      System.setErr(before);
      errors = captured.toString(StandardCharsets.UTF_8);
    }
  }

  @Test
  void shouldRemoveTheTokenFileAndFailWhenTheDriverIsNotThere() throws Exception {
    Path file = token("rw-------", "0123456789".repeat(4));

    assertThat(run(file, "127.0.0.1:1", SHA)).isEqualTo(1);
    assertThat(file).doesNotExist();
  }

  @Test
  void shouldRefuseATokenFileThatOthersCanRead() throws Exception {
    Path file = token("rw-r--r--", "0123456789".repeat(4));

    assertThat(run(file, "127.0.0.1:1", SHA)).isEqualTo(2);
    assertThat(errors)
        .contains(
            "--token-file %s can be read by others; give it mode 600 and start a new run"
                .formatted(file));
  }

  @Test
  void shouldSayWhatIsWrongWhenParametersAreNotWhatTheyMustBe() throws Exception {
    Path file = token("rw-------", "0123456789".repeat(4));
    assertThat(run(file, "somewhere", SHA)).isEqualTo(2);
    assertThat(errors).contains("--driver must be HOST:PORT, got \"somewhere\"");
    Files.deleteIfExists(file);

    assertThat(run(token("rw-------", "0123456789".repeat(4)), "h:1", "xyz")).isEqualTo(2);
    assertThat(errors).contains("certificate fingerprint must be 64 hex digits, got \"xyz\"");
    Files.deleteIfExists(file);

    assertThat(run(token("rw-------", "short"), "h:1", SHA)).isEqualTo(2);
    assertThat(errors).contains("run token has 5 characters, needs 32 or more");
  }

  @Test
  void shouldSayWhichFileIsMissingWhenThereIsNoToken() {
    assertThat(run(directory.resolve("none"), "h:1", SHA)).isEqualTo(1);
    assertThat(errors).startsWith("spawn-agent: ").contains(directory.resolve("none").toString());
  }
}
