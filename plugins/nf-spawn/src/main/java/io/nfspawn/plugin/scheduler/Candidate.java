package io.nfspawn.plugin.scheduler;

import io.nfspawn.cloud.Resources;
import java.time.Instant;
import java.util.List;

/** What waits to start as a whole: one plain task, or all members of a round. */
interface Candidate {
  /** Order of arrival; lower goes first. */
  long sequence();

  /** Since when it could have started. */
  Instant since();

  /** For messages. */
  String label();

  /** All that start together; never empty. */
  List<TaskRequest> tasks();

  /** What each of them needs, in the same order. */
  List<Resources> needs();

  /** How many of them belong to a process. */
  int forksOf(String process);
}
