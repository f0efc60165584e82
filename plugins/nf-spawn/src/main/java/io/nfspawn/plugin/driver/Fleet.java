package io.nfspawn.plugin.driver;

import io.nfspawn.cloud.InstanceId;
import io.nfspawn.cloud.InstanceProvider.Launched;
import io.nfspawn.protocol.AgentLink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The instances of the run: what was launched, and the agents that joined. Thread-safe. */
final class Fleet {
  private final Map<InstanceId, Launched> launched = new ConcurrentHashMap<>();
  private final Map<InstanceId, AgentLink> agents = new ConcurrentHashMap<>();

  void launched(Launched instance) {
    launched.put(instance.id(), instance);
  }

  void joined(AgentLink agent) {
    agents.put(new InstanceId(agent.instanceId()), agent);
  }

  /** Forgets the agent; true when it was the one known under that id. */
  boolean left(AgentLink agent) {
    return agents.remove(new InstanceId(agent.instanceId()), agent);
  }

  void ended(InstanceId instance) {
    agents.remove(instance);
    launched.remove(instance);
  }

  Optional<AgentLink> agent(InstanceId instance) {
    return Optional.ofNullable(agents.get(instance));
  }

  List<AgentLink> agents() {
    return List.copyOf(agents.values());
  }

  /** Instances that were launched and not ended, whether their agent joined or not. */
  List<InstanceId> instances() {
    return List.copyOf(launched.keySet());
  }

  String type(InstanceId instance) {
    Launched known = launched.get(instance);
    return known == null ? "unknown" : known.instanceType();
  }

  String zone(InstanceId instance) {
    Launched known = launched.get(instance);
    return known == null ? "" : known.zone();
  }
}
