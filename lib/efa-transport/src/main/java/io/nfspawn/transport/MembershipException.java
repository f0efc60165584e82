package io.nfspawn.transport;

/** What a task was told about its gang is missing, broken or contradicts itself. */
public final class MembershipException extends ChannelException {
  private final String source;

  /**
   * @param source the variable or file at fault
   */
  public MembershipException(String source, String message) {
    super(source + ": " + message);
    this.source = source;
  }

  /** The variable or file at fault. */
  public String source() {
    return source;
  }
}
