package io.nfspawn.transport;

import java.util.Set;

/**
 * How a {@link Puller} gathers.
 *
 * @param senders ranks that may push and whose end is waited for
 * @param credit what each sender may have under way to this puller
 * @param onLoss what the loss of one sender means
 */
public record PullOptions(Set<Integer> senders, Credit credit, OnLoss onLoss) {

  /** What the loss of one of several senders means to a puller. */
  public enum OnLoss {
    /** {@code take} throws {@link PeerLostException} once what had arrived was taken. */
    FAIL,
    /**
     * The lost sender counts as ended: others take over its work and push the same keys. The
     * application checks that all it expects has come.
     */
    CONTINUE
  }

  public PullOptions {
    senders = Set.copyOf(senders);
    if (senders.isEmpty()) {
      throw new IllegalArgumentException("a puller needs at least one sender rank");
    }
  }

  /** {@link Credit#DEFAULT} for each sender, {@link OnLoss#FAIL}. */
  public static PullOptions from(Set<Integer> senders) {
    return new PullOptions(senders, Credit.DEFAULT, OnLoss.FAIL);
  }

  public PullOptions withCredit(Credit value) {
    return new PullOptions(senders, value, onLoss);
  }

  public PullOptions withOnLoss(OnLoss value) {
    return new PullOptions(senders, credit, value);
  }
}
