package io.nfspawn.protocol;

import io.nfspawn.protocol.wire.Heartbeat;
import io.nfspawn.protocol.wire.Hello;
import io.nfspawn.protocol.wire.Interruption;
import io.nfspawn.protocol.wire.TaskEvent;
import java.util.List;

/**
 * What the driver hears from its agents. Calls about one agent come one after the other and in the
 * order sent; calls about different agents may overlap. Implementations hand over and return: they
 * run on the control plane's own threads.
 */
public interface AgentListener {

  /** An agent proved itself and said hello; {@code agent} can be sent to from now on. */
  void agentJoined(AgentLink agent, Hello hello);

  void events(AgentLink agent, List<TaskEvent> events);

  default void heartbeat(AgentLink agent, Heartbeat heartbeat) {}

  /** The instance will be taken away at the deadline. */
  void interruption(AgentLink agent, Interruption interruption);

  /**
   * The agent is gone without having been released: its stream broke or its heartbeats stopped.
   * Called once, as the last call about this agent.
   *
   * @param reason one line for the log and the user
   */
  void agentLost(AgentLink agent, String reason);

  /** The agent ended after {@link AgentLink#release}. The last call about this agent. */
  default void agentReleased(AgentLink agent) {}
}
