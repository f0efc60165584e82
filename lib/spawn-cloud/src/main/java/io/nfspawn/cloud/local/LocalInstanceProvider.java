package io.nfspawn.cloud.local;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider;
import io.nfspawn.cloud.LaunchException;
import io.nfspawn.cloud.LaunchRequest;
import java.util.List;

/** Starts node agents as processes of this machine, each in a session of its own. Thread-safe. */
public final class LocalInstanceProvider implements InstanceProvider {
  private static final String NAME = "local";

  private final LocalSettings settings;

  public LocalInstanceProvider(LocalSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Limits limits() {
    return new Limits(settings.instances(), settings.slice(), NAME);
  }

  @Override
  public List<Launched> launch(LaunchRequest request) throws LaunchException {
    throw new LaunchException("local agents cannot be started yet", false, null);
  }

  @Override
  public void terminate(InstanceId id) {}

  @Override
  public int reap(String runId) {
    return 0;
  }

  @Override
  public void close() {}
}
