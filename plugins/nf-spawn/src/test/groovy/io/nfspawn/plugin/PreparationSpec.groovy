package io.nfspawn.plugin

import java.nio.file.Path
import java.util.concurrent.ConcurrentHashMap
import nextflow.Session
import nextflow.executor.Executor
import nextflow.processor.TaskConfig
import nextflow.processor.TaskId
import nextflow.processor.TaskProcessor
import nextflow.processor.TaskRun
import spock.lang.Specification
import spock.lang.TempDir
import spock.util.concurrent.PollingConditions

class PreparationSpec extends Specification {
  static final AHEAD = 64

  @TempDir Path workDir
  def within = new PollingConditions(timeout: 20, delay: 0.01)
  def gone = ConcurrentHashMap.newKeySet()
  def preparation = new Preparation({ handler -> !(handler.id() in gone) && !handler.isPrepared() })

  def cleanup() {
    preparation.close()
  }

  /** Its wrapper cannot be written: there is no whole Nextflow around it. */
  def handler(int id) {
    def executor = Stub(Executor) { getName() >> 'spawn' }
    def processor = Stub(TaskProcessor) {
      getName() >> 'P'
      getSession() >> Stub(Session)
      getExecutor() >> executor
    }
    def task = new TaskRun(id: TaskId.of(id), name: "P ($id)", workDir: workDir, config: new TaskConfig(), processor: processor)
    new SpawnTaskHandler(task, new RecordedSubmissions())
  }

  def arrived(int count) {
    def handlers = (1..count).collect { handler(it) }
    handlers.each { preparation.arrived(it) }
    handlers
  }

  def 'should prepare tasks in order and not too many ahead'() {
    when:
    def handlers = arrived(AHEAD + 2)
    then:
    within.eventually { assert handlers[AHEAD - 1].isPrepared() }
    !handlers[AHEAD].isPrepared()

    when:
    preparation.left(handlers[0].id())
    preparation.left(handlers[0].id())
    then:
    within.eventually { assert handlers[AHEAD].isPrepared() }
    !handlers[AHEAD + 1].isPrepared()
  }

  def 'should pass over tasks that wait no longer'() {
    when:
    (1..AHEAD).each { gone << new io.nfspawn.plugin.scheduler.TaskId(it.toString()) }
    def handlers = arrived(AHEAD + 1)
    then:
    within.eventually { assert handlers[AHEAD].isPrepared() }
    !handlers[0].isPrepared()
  }

  def 'should tell a failure to whoever submits the task'() {
    given:
    def handler = handler(1)
    when:
    handler.prepareAhead()
    then:
    noExceptionThrown()
    handler.isPrepared()

    when:
    handler.prepareLauncher()
    then:
    thrown(Throwable)
  }
}
