package io.nfspawn.plugin

import io.nfspawn.plugin.driver.TaskListener.FreeRetry
import io.nfspawn.plugin.scheduler.Event.ErrorAction

/** Remembers what it was told. */
class RecordedSubmissions implements Submissions {
  final List<String> told = []

  void arrived(SpawnTaskHandler handler) { told << "arrived ${handler.id()}".toString() }

  void start(SpawnTaskHandler handler) { told << "start ${handler.id()}".toString() }

  void submitFailed(SpawnTaskHandler handler, Throwable cause) { told << "submitFailed ${handler.id()}: ${cause.message}".toString() }

  void withdraw(SpawnTaskHandler handler) { told << "withdraw ${handler.id()}".toString() }

  void withdrawHeld() { told << 'withdrawHeld' }

  void retried(SpawnTaskHandler handler, FreeRetry retry) { told << "retried ${handler.id()}".toString() }

  void settled(SpawnTaskHandler handler, ErrorAction action) { told << "settled ${handler.id()} $action".toString() }

  Map<String, String> waitingReasons() { [:] }
}
