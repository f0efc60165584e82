package io.nfspawn.agent;

import io.nfspawn.agent.log.AgentLogProvider;
import io.nfspawn.protocol.DriverEndpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The program {@code spawn-agent}: one a instance, started by a provider. */
public final class AgentCommand {
  private static final int FAILED = 1;

  private AgentCommand() {}

  public static void main(String[] args) {
    prepare();
    System.exit(execute(args));
  }

  /** What is settled for a whole JVM, before the first logger and the first TLS connection. */
  static void prepare() {
    AgentLogProvider.choose();
    // Else the JDK also makes a key of P-256 for each handshake, and computes a table to do so.
    if (System.getProperty("jdk.tls.namedGroups") == null) {
      System.setProperty("jdk.tls.namedGroups", "x25519");
    }
  }

  static int execute(String... args) {
    AgentOptions options = AgentOptions.plain(args);
    if (options == null) {
      return AgentUsage.execute(args);
    }
    try {
      return run(options);
    } catch (UsageException e) {
      return AgentUsage.refuse(e, args);
    }
  }

  /**
   * @return the exit status
   * @throws UsageException when an option is not what it must be
   */
  static int run(AgentOptions options) {
    try {
      DriverEndpoint endpoint = options.endpoint();
      Path given = options.scratch();
      Path own = given == null ? Files.createTempDirectory("spawn-agent-") : given;
      try {
        return NodeAgent.run(options.parameters(endpoint, own));
      } finally {
        // Here too when the provider that made it is gone: a driver that was killed removes
        // nothing.
        MemberDirectory.removeAll(own);
      }
    } catch (UsageException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      System.err.println("spawn-agent: " + e.getMessage());
      return FAILED;
    }
  }
}
