package io.nfspawn.cloud;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where instances come from: processes of this machine, EC2 fleets, a Slurm cluster. Calls scale
 * with instances, never with tasks. Implementations are thread-safe; calls may block and are made
 * off the scheduler's thread.
 */
public interface InstanceProvider extends AutoCloseable {

  /** Short name used in configuration and logs, e.g. {@code local}. */
  String name();

  /** What this provider could ever give; decides at once whether a task or gang can run at all. */
  Limits limits();

  /**
   * Asks for instances; each starts a node agent that dials {@link LaunchRequest#driver()}. Returns
   * when the request was accepted, not when agents have joined. Repeating a request with the same
   * ids launches nothing twice.
   *
   * @throws LaunchException when not one of them could be launched
   */
  List<Launched> launch(LaunchRequest request) throws LaunchException;

  /**
   * Asks to be told of instances that ended without {@link #terminate}: one that never joined would
   * otherwise be waited for. Told once an instance, on a thread of the provider.
   */
  default void onEnd(Consumer<Ended> listener) {}

  /** Ends an instance and everything on it. Idempotent; an unknown id is not an error. */
  void terminate(InstanceId id);

  /**
   * Ends whatever still carries the run's tag; returns how many instances or stray process trees
   * that were.
   */
  int reap(String runId);

  @Override
  void close();

  /**
   * @param maxInstances most instances at one time
   * @param largest the largest single slice
   * @param zone the zone that instances share when it is only one, else empty
   */
  record Limits(int maxInstances, Resources largest, String zone) {}

  /** One launched instance, its slice and where it lies. */
  record Launched(InstanceId id, Resources capacity, String instanceType, String zone) {}

  /**
   * @param id the instance that ended
   * @param reason one line and, where there is one, the end of its log
   */
  record Ended(InstanceId id, String reason) {}
}
