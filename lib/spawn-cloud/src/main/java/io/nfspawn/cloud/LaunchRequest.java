package io.nfspawn.cloud;

import java.util.List;
import java.util.Map;

/**
 * One request for like instances.
 *
 * @param runId the run's tag, carried by all that is launched
 * @param ids one id an instance
 * @param atLeast what each instance must be able to hold
 * @param driver how agents reach and recognise the driver
 * @param tags further tags: session, gang, owner, project
 */
public record LaunchRequest(
    String runId,
    List<InstanceId> ids,
    Resources atLeast,
    DriverAddress driver,
    Map<String, String> tags) {

  public LaunchRequest {
    ids = List.copyOf(ids);
    tags = Map.copyOf(tags);
  }

  /**
   * @param host host name or address the agents dial
   * @param port the control plane's port
   * @param certificateSha256 fingerprint of the driver's certificate, hex; pinned by the agent
   * @param runToken the agents' secret; never in argv, environment values or logs
   */
  public record DriverAddress(String host, int port, String certificateSha256, String runToken) {
    @Override
    public String toString() {
      return "%s:%d".formatted(host, port);
    }
  }
}
