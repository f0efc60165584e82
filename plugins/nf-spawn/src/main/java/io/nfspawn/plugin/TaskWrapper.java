package io.nfspawn.plugin;

import java.nio.file.Path;
import java.util.Map;
import nextflow.executor.BashWrapperBuilder;
import nextflow.processor.TaskBean;

/**
 * Nextflow's {@code .command.run} without the processes that it starts to no effect: of the 12 ms
 * of CPU that the wrapper of a trivial task takes, five go into a {@code touch} and into passing
 * the outputs that need no unstaging through two more {@code tee}. A task in a container gets the
 * wrapper that {@code local} writes, to the byte: beside a container's start they are nothing.
 */
final class TaskWrapper extends BashWrapperBuilder {
  private static final String TOUCH = "touch ";

  private TaskWrapper(TaskBean task) {
    super(task);
  }

  static BashWrapperBuilder of(TaskBean task) {
    return task.isContainerEnabled() ? new BashWrapperBuilder(task) : new TaskWrapper(task);
  }

  /** What a copy strategy for local files says, done by the shell itself. */
  @Override
  public String touchFile(Path file) {
    String command = super.touchFile(file);
    return command.startsWith(TOUCH) ? ": > " + command.substring(TOUCH.length()) : command;
  }

  @Override
  protected Map<String, String> makeBinding() {
    Map<String, String> parts = super.makeBinding();
    if (parts.get("unstage_outputs") == null && parts.get("unstage_controls") == null) {
      // Tasks that run in their work directory leave their outputs where they belong.
      parts.replace("unstage_cmd", "true");
    }
    return parts;
  }
}
