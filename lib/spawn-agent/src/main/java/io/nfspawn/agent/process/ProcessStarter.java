package io.nfspawn.agent.process;

import io.nfspawn.agent.ffi.PosixSpawn;
import java.io.IOException;

/**
 * Starts processes, each in a session of its own, with no open file but stdin, stdout and stderr.
 * Thread-safe.
 */
public interface ProcessStarter {

  /**
   * Returns as soon as the program runs.
   *
   * @throws IOException when the directory cannot be used or the program not be run
   */
  StartedProcess start(Launch launch) throws IOException;

  /** The cheaper way where this JDK and this system have it. */
  static ProcessStarter best() {
    PosixSpawn.Probe probe = PosixSpawn.probe();
    ProcessStarter direct = probe.starter();
    return direct == null ? new JdkProcessStarter() : direct;
  }
}
