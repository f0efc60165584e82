package io.nfspawn.protocol;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads named by what they do, e.g. {@code spawn-control-1}. Thread-safe. */
public final class RoleThreads implements ThreadFactory {
  private final String role;
  private final AtomicInteger count = new AtomicInteger();

  public RoleThreads(String role) {
    this.role = role;
  }

  @Override
  public Thread newThread(Runnable work) {
    var thread = new Thread(work, role + "-" + count.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
