package io.nfspawn.cloud.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.LaunchRequest;
import io.nfspawn.cloud.LaunchRequest.DriverAddress;
import io.nfspawn.cloud.Resources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class AgentCommandLineTest {
  private static final InstanceId ID = new InstanceId("i1");

  @TempDir Path tools;

  private List<String> command() throws Exception {
    var settings =
        new LocalSettings(
            1,
            Resources.of(1, 1),
            tools.resolve("lib/*").toString(),
            "io.nfspawn.agent.AgentCommand",
            Path.of(System.getProperty("java.home")),
            tools,
            Duration.ofSeconds(2),
            LocalSettings.FABRIC);
    var driver = new DriverAddress("127.0.0.1", 1, "ab", "secret");
    var request = new LaunchRequest("run", List.of(ID), Resources.of(1, 1), driver, Map.of());
    return AgentCommandLine.of(settings, request, ID, tools);
  }

  private Path archive() throws Exception {
    Path cds = tools.resolve("cds/" + Runtime.version().feature());
    return Files.createDirectories(cds).resolve("AgentCommand.jsa");
  }

  @Test
  void shouldNameTheArchiveOfItsJdkWhenThereIsOne() throws Exception {
    assertThat(command()).noneMatch(word -> word.startsWith("-XX:SharedArchiveFile"));
    Files.createFile(archive());
    assertThat(command()).contains("-XX:SharedArchiveFile=" + archive());
  }

  @Test
  @Timeout(60)
  void shouldStartWithoutAWordWhenTheArchiveDoesNotFit() throws Exception {
    Files.writeString(archive(), "no archive at all".repeat(1000));
    List<String> command = command();
    List<String> jvm = new ArrayList<>(command.subList(0, command.indexOf("-cp")));
    assertThat(jvm).contains("-XX:SharedArchiveFile=" + archive());
    jvm.add("--version");

    Process process = new ProcessBuilder(jvm).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).doesNotContainIgnoringCase("archive").doesNotContain("[");
  }
}
