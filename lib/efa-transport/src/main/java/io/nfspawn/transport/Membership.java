package io.nfspawn.transport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a task knows of its gang and of its place in it. Immutable.
 *
 * @param gang name of the gang
 * @param role the part this member plays
 * @param rank its position, from 0
 * @param epoch the round of the gang, from 1; frames of another are refused
 * @param size number of members
 * @param membersFile {@code members.json}; {@code address.json} is written beside it
 * @param key the gang's secret
 */
public record Membership(
    String gang, String role, int rank, int epoch, int size, Path membersFile, ChannelKey key) {
  static final String GANG_VARIABLE = "SPAWN_GANG";
  static final String ROLE_VARIABLE = "SPAWN_ROLE";
  static final String RANK_VARIABLE = "SPAWN_RANK";
  static final String EPOCH_VARIABLE = "SPAWN_EPOCH";
  static final String SIZE_VARIABLE = "SPAWN_SIZE";
  static final String MEMBERS_VARIABLE = "SPAWN_MEMBERS";
  static final String KEY_VARIABLE = "SPAWN_CHANNEL_KEY";

  public Membership {
    if (size < 1 || rank < 0 || rank >= size) {
      throw new MembershipException(
          RANK_VARIABLE, "rank " + rank + " is not in a gang of " + size + " (0 to size - 1)");
    }
    if (epoch < 1) {
      throw new MembershipException(EPOCH_VARIABLE, "is " + epoch + ", epochs count from 1");
    }
  }

  /**
   * Reads the variables that the agent sets for each member of a gang.
   *
   * @throws MembershipException naming the variable or file at fault
   */
  public static Membership fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  /** As {@link #fromEnvironment()}, from variables given. */
  public static Membership fromEnvironment(Map<String, String> environment) {
    Path members = Path.of(text(environment, MEMBERS_VARIABLE));
    if (!Files.isReadable(members)) {
      throw new MembershipException(
          MEMBERS_VARIABLE,
          "no readable file " + members + "; is the task still running under its agent?");
    }
    return new Membership(
        text(environment, GANG_VARIABLE),
        text(environment, ROLE_VARIABLE),
        number(environment, RANK_VARIABLE),
        number(environment, EPOCH_VARIABLE),
        number(environment, SIZE_VARIABLE),
        members,
        ChannelKey.read(Path.of(text(environment, KEY_VARIABLE))));
  }

  private static String text(Map<String, String> environment, String variable) {
    String value = environment.get(variable);
    if (value == null || value.isEmpty()) {
      throw new MembershipException(
          variable,
          "is not set; this program runs as a member of a gang (ext.gang of its process)");
    }
    return value;
  }

  private static int number(Map<String, String> environment, String variable) {
    String value = text(environment, variable);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new MembershipException(variable, "is '" + value + "', expected a whole number");
    }
  }
}
