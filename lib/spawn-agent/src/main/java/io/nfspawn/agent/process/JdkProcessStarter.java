package io.nfspawn.agent.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * By {@link ProcessBuilder}, on every JDK. It knows no sessions, so {@code setsid} makes one; where
 * there is none, processes share the session of this program.
 */
final class JdkProcessStarter implements ProcessStarter {
  private static final Logger log = LoggerFactory.getLogger(JdkProcessStarter.class);
  private static final File NOTHING = new File("/dev/null");

  private final List<String> prefix =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid")).stream()
          .filter(Files::isExecutable)
          .findFirst()
          .map(setsid -> List.of(setsid.toString(), "--wait"))
          .orElse(List.of());

  @Override
  public StartedProcess start(Launch launch) throws IOException {
    var command = new ArrayList<>(prefix);
    command.addAll(launch.command());
    File directory = launch.directory().toFile();
    var builder =
        new ProcessBuilder(command)
            .directory(directory)
            .redirectInput(Redirect.from(NOTHING))
            .redirectErrorStream(true)
            .redirectOutput(new File(directory, launch.output()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeAll(launch.withheld());
    environment.putAll(launch.environment());
    return new Started(builder.start());
  }

  private record Started(Process process) implements StartedProcess {
    @Override
    public ProcessHandle handle() {
      return process.toHandle();
    }

    @Override
    public int awaitExit() {
      while (true) {
        try {
          return process.waitFor();
        } catch (InterruptedException e) {
          // The process decides when this ends; whoever wants it earlier kills it.
          log.debug("event=interrupt.ignored pid={}", process.pid());
        }
      }
    }
  }
}
