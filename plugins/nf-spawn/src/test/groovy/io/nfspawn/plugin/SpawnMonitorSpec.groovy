package io.nfspawn.plugin

import io.nfspawn.plugin.scheduler.Failure
import java.nio.file.Path
import nextflow.Session
import nextflow.exception.ProcessException
import nextflow.exception.ProcessUnrecoverableException
import nextflow.processor.ErrorStrategy
import nextflow.processor.TaskConfig
import nextflow.processor.TaskId
import nextflow.processor.TaskProcessor
import nextflow.processor.TaskRun
import spock.lang.Specification

class SpawnMonitorSpec extends Specification {
  def run = new RecordedSubmissions()
  def cancelled = false
  def notified = []
  def session = Stub(Session) {
    getConfig() >> [executor: ['$spawn': [queueSize: 5, pollInterval: '50ms']]]
    getQueueSize('spawn', _) >> 5
    getPollInterval('spawn', _) >> nextflow.util.Duration.of('50ms')
    getMonitorDumpInterval('spawn') >> nextflow.util.Duration.of('5min')
    isCancelled() >> { cancelled }
    canSubmitTasks() >> true
    notifyTaskPending(_) >> { notified << 'pending' }
    notifyTaskSubmit(_) >> { notified << 'submit' }
    notifyTaskComplete(_) >> { notified << 'complete' }
  }
  def monitor = SpawnMonitor.create(session, 'spawn', run)
  def task = Spy(new TaskRun(id: TaskId.of(7), name: 'P (1)', workDir: Path.of('/no/such/dir'), config: new TaskConfig(), processor: Stub(TaskProcessor))) {
    isContainerReady() >> true
  }
  def handler = new SpawnTaskHandler(task, run)

  def 'should tell observers and the run of a new task and hold it'() {
    when:
    monitor.schedule(handler)
    then:
    notified == ['pending']
    run.told == ['arrived 7']
    monitor.pendingQueue.isEmpty()
  }

  def 'should take queue size and poll interval from the configuration'() {
    expect:
    monitor.capacity == 5
    monitor.pollIntervalMillis == 50
  }

  def 'should let a task go that the driver has placed, whatever runs already'() {
    expect:
    monitor.canSubmit(handler)
  }

  def 'should refuse to submit what has ended before'() {
    when:
    handler.ended(new Outcome.Failed(new Failure(Failure.Kind.TOO_LARGE, 'needs 900 TB')))
    monitor.canSubmit(handler)
    then:
    def error = thrown(ProcessUnrecoverableException)
    error.message == 'needs 900 TB'
  }

  def 'should tell the run when a task could not be made ready'() {
    given: 'a work directory that does not exist'
    task.script = 'echo'
    when:
    monitor.submit(handler)
    then:
    thrown(ProcessException)
    run.told == ['submitFailed 7: Unable to create file /no/such/dir/.command.run']
  }

  def 'should tell the run what became of a failed task: #strategy'() {
    given:
    task.errorAction = strategy
    when:
    monitor.notifyTaskComplete(handler)
    then:
    notified == ['complete']
    run.told == ["settled 7 $action".toString()]
    where:
    strategy                | action
    ErrorStrategy.RETRY     | 'RETRY'
    ErrorStrategy.IGNORE    | 'IGNORE'
    ErrorStrategy.FINISH    | 'FINISH'
    ErrorStrategy.TERMINATE | 'TERMINATE'
    null                    | 'TERMINATE'
  }

  def 'should give up what waits, once, when the run only finishes what runs'() {
    when:
    monitor.checkAllTasks([])
    then:
    run.told == []
    when:
    cancelled = true
    2.times { monitor.checkAllTasks([]) }
    then:
    run.told == ['withdrawHeld']
  }
}
