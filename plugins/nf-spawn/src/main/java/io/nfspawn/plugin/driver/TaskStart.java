package io.nfspawn.plugin.driver;

import io.nfspawn.cloud.Resources;
import java.net.URI;
import java.util.List;

/**
 * What an agent needs to run a task that is ready.
 *
 * @param name for log lines
 * @param workDir holds {@code .command.run}
 * @param resources what the packing accounts for it
 * @param pathPrepend directories put in front of the task's PATH
 */
public record TaskStart(String name, URI workDir, Resources resources, List<String> pathPrepend) {
  public TaskStart {
    pathPrepend = List.copyOf(pathPrepend);
  }
}
