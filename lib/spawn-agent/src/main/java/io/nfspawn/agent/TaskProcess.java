package io.nfspawn.agent;

import io.nfspawn.agent.process.StartedProcess;
import io.nfspawn.cloud.process.ProcessTree;
import io.nfspawn.protocol.wire.Member;
import io.nfspawn.protocol.wire.MembersUpdate;
import io.nfspawn.protocol.wire.StartTask;
import io.nfspawn.protocol.wire.TaskEvent;
import io.nfspawn.protocol.wire.TaskExited;
import io.nfspawn.protocol.wire.TaskStarted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a task, from start to exit. {@link #run} owns it and blocks for its whole life;
 * the other methods may be called from any thread. A task that ends by itself leaves its background
 * processes alone, as on Nextflow's local executor; they end with the agent. A task that is killed
 * leaves none, and its exit is told when the last is gone.
 */
final class TaskProcess {
  private static final Logger log = LoggerFactory.getLogger(TaskProcess.class);
  private static final int CANNOT_RUN = 127;
  private static final int KILLED_BEFORE_START = 143;

  private final StartTask task;
  private final TaskLauncher launcher;
  private final Outbox outbox;
  private final AddressWatch addresses;
  private final Path scratch;

  private List<Member> members;
  private @Nullable MemberDirectory directory;
  private @Nullable StartedProcess process;
  private @Nullable String killReason;
  private @Nullable CompletableFuture<Void> treeGone;
  private boolean over;

  TaskProcess(
      StartTask task, TaskLauncher launcher, Outbox outbox, AddressWatch addresses, Path scratch) {
    this.task = task;
    this.launcher = launcher;
    this.outbox = outbox;
    this.addresses = addresses;
    this.scratch = scratch;
    this.members = task.getGang().getMembersList();
  }

  TaskKey key() {
    return new TaskKey(task.getTaskId(), task.getEpoch());
  }

  void run() {
    TaskExited.Builder exit;
    try {
      if (task.hasGang()) {
        enterGang();
      }
      StartedProcess started = startUnlessKilled();
      exit =
          started == null
              ? TaskExited.newBuilder().setExitStatus(KILLED_BEFORE_START)
              : TaskExited.newBuilder().setExitStatus(awaitEnd(started));
    } catch (IOException e) {
      String reason = "task cannot be run: " + e.getMessage();
      log.warn(
          "event=task.unstartable task={} name=\"{}\" reason=\"{}\"",
          key(),
          task.getName(),
          reason);
      exit = TaskExited.newBuilder().setExitStatus(CANNOT_RUN).setReason(reason);
    }
    finish(exit);
  }

  private synchronized void enterGang() throws IOException {
    directory = MemberDirectory.create(scratch, task.getGang(), members);
    addresses.watch(key(), directory.path());
  }

  private synchronized @Nullable StartedProcess startUnlessKilled() throws IOException {
    if (killReason != null) {
      return null;
    }
    process = launcher.start(task, directory);
    long pid = process.handle().pid();
    outbox.add(event().setStarted(TaskStarted.newBuilder().setPid(pid)).build());
    log.debug("event=task.started task={} name=\"{}\" pid={}", key(), task.getName(), pid);
    return process;
  }

  private int awaitEnd(StartedProcess started) throws IOException {
    int status = started.awaitExit();
    CompletableFuture<Void> killing;
    synchronized (this) {
      over = true;
      killing = treeGone;
    }
    if (killing != null) {
      killing.join();
    }
    return status;
  }

  private synchronized void finish(TaskExited.Builder exit) {
    over = true;
    if (directory != null) {
      addresses.forget(directory.path());
      try {
        directory.remove();
      } catch (IOException e) {
        log.warn(
            "event=member.directory.left path={} reason=\"{}\"", directory.path(), e.getMessage());
      }
      directory = null;
    }
    if (killReason != null) {
      exit.setKilledByAgent(true).setReason(killReason);
    }
    log.debug("event=task.exited task={} status={}", key(), exit.getExitStatus());
    outbox.add(event().setExited(exit).build());
  }

  private TaskEvent.Builder event() {
    return TaskEvent.newBuilder().setTaskId(task.getTaskId()).setEpoch(task.getEpoch());
  }

  /** Ends the task's whole process tree; blocks until it is gone. A second kill changes nothing. */
  void kill(String reason, Duration grace) {
    StartedProcess running;
    var gone = new CompletableFuture<Void>();
    synchronized (this) {
      if (!markKilled(reason) || process == null) {
        return;
      }
      running = process;
      treeGone = gone;
    }
    log.info("event=task.killing task={} name=\"{}\" reason=\"{}\"", key(), task.getName(), reason);
    try {
      ProcessTree.of(launcher.marker(task), running.handle()).end(grace);
    } finally {
      gone.complete(null);
    }
  }

  /**
   * Notes why the task is about to be ended by someone else, or keeps it from starting.
   *
   * @return false when it is over or being killed already
   */
  synchronized boolean markKilled(String reason) {
    if (over || killReason != null) {
      return false;
    }
    killReason = reason;
    return true;
  }

  boolean isMemberOf(MembersUpdate update) {
    return task.hasGang()
        && task.getGang().getGangId().equals(update.getGangId())
        && task.getGang().getEpoch() == update.getEpoch();
  }

  synchronized void members(List<Member> newest) {
    members = newest;
    if (directory != null) {
      try {
        directory.update(newest);
      } catch (IOException e) {
        log.warn("event=members.not.written task={} reason=\"{}\"", key(), e.getMessage());
      }
    }
  }
}
