package io.nfspawn.cloud.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.InstanceProviderContract;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.Resources;
import io.nfspawn.cloud.process.Marker;
import io.nfspawn.cloud.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract with real processes, and what is particular to this machine. */
class LocalInstanceProviderTest extends InstanceProviderContract {
  private static final Resources SLICE = Resources.of(2, 1L << 30);

  @TempDir Path directory;

  private LocalSettings settings(Path javaHome, String mainClass) {
    return new LocalSettings(
        2,
        SLICE,
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        mainClass,
        javaHome,
        directory.resolve("logs"),
        Duration.ofSeconds(2),
        LocalSettings.FABRIC);
  }

  private static Path javaHome() {
    return Path.of(System.getProperty("java.home"));
  }

  @Override
  protected InstanceProvider create() {
    return new LocalInstanceProvider(settings(javaHome(), IdleAgent.class.getName()));
  }

  private Set<ProcessHandle> processes(InstanceId id) {
    return ProcessTree.of(Marker.ofInstance(runId, id.value())).living();
  }

  /** With its child: then the stand-in is up. */
  @Override
  protected boolean isRunning(InstanceId id) {
    return processes(id).size() >= 2;
  }

  @Override
  protected void breakDown(InstanceId id) {
    processes(id).forEach(ProcessHandle::destroyForcibly);
  }

  private String log(int number) throws IOException {
    return Files.readString(directory.resolve("logs/i-" + number + ".log"));
  }

  @Test
  void shouldHandTheTokenOverUnseenWhenLaunched() throws Exception {
    try (InstanceProvider provider = create()) {
      provider.launch(request(SLICE, id(1)));
      await().atMost(LIMIT).until(() -> isRunning(id(1)));

      assertThat(log(1))
          .contains("token of 60", "--driver=127.0.0.1:1", "--instance=i-1", "--millicpus=2000")
          .doesNotContain(TOKEN);
      for (ProcessHandle process : processes(id(1))) {
        for (String part : Set.of("cmdline", "environ")) {
          assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/" + part)))
              .doesNotContain(TOKEN);
        }
      }
    }
  }

  @Test
  void shouldStartAgentInItsOwnSessionWhenLaunched() throws Exception {
    try (InstanceProvider provider = create()) {
      provider.launch(request(SLICE, id(1)));
      await().atMost(LIMIT).until(() -> isRunning(id(1)));

      Set<String> sessions =
          processes(id(1)).stream().map(this::session).collect(Collectors.toSet());
      assertThat(sessions).doesNotContain(session(ProcessHandle.current()));
    }
  }

  /** Field 6 of {@code stat}. */
  private String session(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    } catch (IOException e) {
      return "gone";
    }
  }

  @Test
  void shouldSayWhatIsWrongWhenThereIsNoJdk() throws Exception {
    try (var provider =
        new LocalInstanceProvider(settings(directory.resolve("nojdk"), "io.nfspawn.None"))) {
      assertThatThrownBy(() -> provider.launch(request(SLICE, id(1))))
          .isInstanceOf(LaunchException.class)
          .hasMessage(
              "cannot start the agent of instance i-1: no JDK at %s (no bin/java); set"
                      .formatted(directory.resolve("nojdk"))
                  + " SPAWN_JAVA_HOME to one; its log is "
                  + directory.resolve("logs/i-1.log"));
    }
  }

  @Test
  void shouldSayWhatIsWrongWhenMoreInstancesAreAskedThanThereAre() throws Exception {
    try (InstanceProvider provider = create()) {
      assertThat(provider.launch(request(SLICE, id(1), id(2), id(3)))).hasSize(2);
      assertThatThrownBy(() -> provider.launch(request(SLICE, id(3))))
          .isInstanceOfSatisfying(
              LaunchException.class, failure -> assertThat(failure.retryable()).isTrue())
          .hasMessage(
              "instance i-3 not started: 2 of 2 local instances are running; raise"
                  + " spawn.local.instances or wait");
    }
  }

  @Test
  void shouldNameTheLargestSliceWhenMoreIsAsked() {
    try (InstanceProvider provider = create()) {
      assertThatThrownBy(() -> provider.launch(request(Resources.of(3, 1), id(1))))
          .hasMessageContaining("the largest slice of this machine is " + SLICE)
          .hasMessageEndingWith("raise spawn.local.cpus or spawn.local.memory, or ask for less");
    }
  }

  @Test
  void shouldShowTheEndOfItsLogWhenAgentDiesAtOnce() throws Exception {
    var ended = new java.util.concurrent.CopyOnWriteArrayList<InstanceProvider.Ended>();
    try (var provider = new LocalInstanceProvider(settings(javaHome(), "io.nfspawn.Missing"))) {
      provider.onEnd(ended::add);
      try {
        provider.launch(request(SLICE, id(1)));
      } catch (LaunchException e) {
        // It died before it took its token: told at once.
        assertThat(e).hasMessageStartingWith("cannot start the agent of instance i-1: ");
        return;
      }
      await().atMost(LIMIT).until(() -> !ended.isEmpty());
      assertThat(ended.get(0).reason())
          .startsWith("agent of instance i-1 ended with exit status 1: ")
          .contains("io.nfspawn.Missing")
          .endsWith("its log is " + directory.resolve("logs/i-1.log"));
    }
  }
}
