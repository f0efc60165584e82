package io.nfspawn.plugin

import io.nfspawn.cloud.InstanceId
import io.nfspawn.plugin.driver.Placement
import io.nfspawn.plugin.driver.TaskListener.FreeRetry
import io.nfspawn.plugin.scheduler.Failure
import java.nio.file.Files
import java.nio.file.Path
import nextflow.Session
import nextflow.exception.ProcessException
import nextflow.exception.ProcessRetryableException
import nextflow.exception.ProcessUnrecoverableException
import nextflow.executor.Executor
import nextflow.processor.TaskConfig
import nextflow.processor.TaskId
import nextflow.processor.TaskProcessor
import nextflow.processor.TaskRun
import nextflow.processor.TaskStatus
import spock.lang.Specification
import spock.lang.TempDir

class SpawnTaskHandlerSpec extends Specification {
  @TempDir Path workDir
  def run = new RecordedSubmissions()

  def handler(Map config = [:]) {
    def executor = Stub(Executor) { getName() >> 'spawn' }
    def processor = Stub(TaskProcessor) {
      getName() >> 'P'
      getSession() >> Stub(Session)
      getExecutor() >> executor
    }
    def task = new TaskRun(id: TaskId.of(7), name: 'P (1)', workDir: workDir, config: new TaskConfig(config), processor: processor)
    new SpawnTaskHandler(task, run)
  }

  def submitted(Map config = [:]) {
    def handler = handler(config)
    handler.submit()
    handler
  }

  def 'should go through the states of a task that ends well'() {
    given:
    def handler = submitted()
    expect:
    run.told == ['start 7']
    handler.status == TaskStatus.SUBMITTED
    !handler.checkIfRunning()
    !handler.checkIfCompleted()

    when:
    handler.started(4711)
    then:
    handler.checkIfRunning()
    !handler.checkIfCompleted()

    when:
    handler.ended(new Outcome.Exited(0))
    then:
    handler.checkIfCompleted()
    handler.status == TaskStatus.COMPLETED
    handler.task.exitStatus == 0
    handler.task.@stdout == workDir.resolve('.command.out')
    handler.task.@stderr == workDir.resolve('.command.err')
  }

  def 'should count as started when only its end was heard'() {
    given:
    def handler = submitted()
    when:
    handler.ended(new Outcome.Exited(0))
    then:
    handler.checkIfRunning()
    handler.checkIfCompleted()
  }

  def 'should show the last fifty lines of the wrapper when the exit status is not zero'() {
    given:
    def handler = submitted()
    Files.writeString(workDir.resolve('.command.log'), (1..80).collect { "line $it\n" }.join())
    when:
    handler.ended(new Outcome.Exited(137))
    handler.checkIfRunning()
    handler.checkIfCompleted()
    then:
    handler.task.exitStatus == 137
    handler.task.@stderr.readLines() == (31..80).collect { "line $it".toString() }
  }

  def 'should report a time limit in the words of the local executor'() {
    given:
    def handler = submitted(time: '2s')
    when:
    handler.ended(new Outcome.Failed(new Failure(Failure.Kind.TIME_LIMIT, 'whatever')))
    handler.checkIfRunning()
    handler.checkIfCompleted()
    then:
    handler.task.error.class == ProcessException
    handler.task.error.message == 'Process exceeded running time limit (2s)'
    handler.task.exitStatus == Integer.MAX_VALUE
  }

  def 'should retry for free what lost its instance'() {
    given:
    def handler = submitted()
    handler.placed(new Placement(new InstanceId('i1'), 'host', 'local', 'here', 1, Optional.empty()))
    handler.started(1)
    when:
    handler.ended(new Outcome.Retried(new FreeRetry(1, true, 'instance i1 was lost')))
    handler.checkIfRunning()
    handler.checkIfCompleted()
    then: 'Nextflow adds one to the count, which must end where it was'
    handler.task.error instanceof ProcessRetryableException
    handler.task.error.message == 'instance i1 was lost'
    handler.task.failCount == -1
    handler.statusString == 'RECLAIMED'
    run.told == ['start 7', 'retried 7']
  }

  def 'should not be submitted after it #kind'() {
    given:
    def handler = handler()
    when:
    handler.ended(outcome)
    def error = handler.overBeforeSubmit()
    then:
    error.message == 'the reason'
    (error instanceof ProcessUnrecoverableException) == unrecoverable
    (error.cause instanceof ProcessRetryableException) == free
    where:
    kind                  | outcome                                                                                 || unrecoverable | free
    'was found too large' | new Outcome.Failed(new Failure(Failure.Kind.TOO_LARGE, 'the reason'))                   || true          | false
    'was reclaimed often' | new Outcome.Failed(new Failure(Failure.Kind.RECLAIMED_TOO_OFTEN, 'the reason'))         || false         | false
    'lost its round'      | new Outcome.Retried(new FreeRetry(0, false, 'the reason'))                              || false         | true
  }

  def 'should be withdrawn once however often it is killed'() {
    given:
    def handler = submitted()
    when:
    2.times { handler.kill() }
    then:
    run.told == ['start 7', 'withdraw 7']
  }

  def 'should say in the trace where it ran'() {
    given:
    def handler = submitted()
    when:
    handler.placed(new Placement(new InstanceId('i1'), '10.0.0.1', 'c5.large', 'us-east-1a', 1, Optional.empty()))
    handler.started(4711)
    def trace = handler.traceRecord
    then:
    trace.get('native_id') == 4711
    trace.get('hostname') == '10.0.0.1'
    trace.machineInfo.type == 'c5.large'
    trace.machineInfo.zone == 'us-east-1a'
    trace.machineInfo.priceModel.toString() == 'standard'
  }
}
