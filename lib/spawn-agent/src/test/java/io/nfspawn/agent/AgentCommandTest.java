package io.nfspawn.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.protocol.DriverEndpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

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

  @Test
  void shouldReadAPlainCommandLineWithoutPicocliAndEverythingElseWithIt() {
    String[] plain = {
      "--driver=h:1",
      "--certificate=" + SHA,
      "--token-file=-",
      "--instance=i-1",
      "--millicpus=1000",
      "--memory=1",
      "--fabric=off",
      "--grace-ms=5"
    };
    assertThat(AgentOptions.plain(plain)).isNotNull();
    assertThat(AgentOptions.plain("--help")).isNull();
    assertThat(AgentOptions.plain(with(plain, "--millicpus=2000"))).as("twice").isNull();
    assertThat(AgentOptions.plain(with(plain, "--disk=much"))).as("no number").isNull();
    assertThat(AgentOptions.plain(with(plain, "--colour=red"))).as("unknown").isNull();
    assertThat(AgentOptions.plain(Arrays.copyOf(plain, 5))).as("--memory missing").isNull();
  }

  @Test
  void shouldGiveTheSameParametersWhenReadEitherWay() throws Exception {
    String[] words = {
      "--driver=h:1",
      "--certificate=" + SHA,
      "--token-file=" + directory.resolve("token"),
      "--instance=i-1",
      "--millicpus=1000",
      "--memory=1"
    };
    var byPicocli = new AgentOptions();
    new CommandLine(byPicocli).parseArgs(words);
    AgentOptions plain = Objects.requireNonNull(AgentOptions.plain(words));
    token("rw-------", "0123456789".repeat(4));
    DriverEndpoint endpoint = plain.endpoint();

    assertThat(plain.parameters(endpoint, directory))
        .isEqualTo(byPicocli.parameters(endpoint, directory));
  }

  @Test
  void shouldSayWhatIsMissingAndHowItIsUsedWhenTheCommandLineIsIncomplete() {
    PrintStream before = System.err;
    var captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      assertThat(AgentCommand.execute("--driver=h:1")).isEqualTo(2);
    } finally {
      System.setErr(before);
    }
    assertThat(captured.toString(StandardCharsets.UTF_8))
        .startsWith("Missing required options: '--certificate=SHA256'")
        .contains("Usage: spawn-agent", "Example (a provider does this):");
  }

  private static String[] with(String[] words, String more) {
    String[] all = Arrays.copyOf(words, words.length + 1);
    all[words.length] = more;
    return all;
  }
}
