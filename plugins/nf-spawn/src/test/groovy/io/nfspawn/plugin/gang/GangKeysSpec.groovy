package io.nfspawn.plugin.gang

import nextflow.processor.TaskProcessor
import nextflow.script.BodyDef
import nextflow.script.ProcessConfig
import spock.lang.Specification

class GangKeysSpec extends Specification {
  static final GANG = [gang: { [id: meta.id, role: 'a'] }]

  def process(String name, Map ext, String script = 'echo', String container = null) {
    def config = new ProcessConfig([ext: ext, container: container])
    Stub(TaskProcessor) {
      getName() >> name
      getConfig() >> config
      getTaskBody() >> new BodyDef({ script }, script)
    }
  }

  def keyOf(TaskProcessor first, TaskProcessor... others) {
    def keys = new GangKeys('0.1.0')
    ([first] + others.toList()).each { keys.processCreated(it) }
    def closure = (first.config.ext.gangKey as Closure).clone() as Closure
    closure.delegate = [meta: [id: 'NA12878']]
    closure.call()
  }


  def 'should give a process with a gang a key of 64 hex digits and others none'() {
    given:
    def plain = process('PLAIN', [args: '-x'])
    expect:
    keyOf(process('WF:A', GANG + [:]), plain) ==~ /[0-9a-f]{64}/
    !plain.config.ext.containsKey('gangKey')
  }

  def 'should be the same when nothing changed, in whatever order the processes were made'() {
    expect:
    keyOf(process('WF:A', GANG + [:]), process('WF:B', GANG + [:]), process('WF:C', GANG + [:])) ==
      keyOf(process('WF:A', GANG + [:]), process('WF:C', GANG + [:]), process('WF:B', GANG + [:]))
  }

  def 'should change with #what of another member'() {
    expect:
    keyOf(process('WF:A', GANG + [:]), process('WF:B', GANG + [args: '-x'])) !=
      keyOf(process('WF:A', GANG + [:]), process('WF:B', GANG + ext, script, container))
    where:
    what                | ext                       | script      | container
    'the script'        | [args: '-x']              | 'echo more' | null
    'ext.args'          | [args: '-y']              | 'echo'      | null
    'a closure of args' | [args: { "-$meta.id" }]   | 'echo'      | null
    'the container'     | [args: '-x']              | 'echo'      | 'ubuntu'
  }

  def 'should not change with a process outside the gang or outside the workflow'() {
    expect:
    keyOf(process('WF:A', GANG + [:]), process('WF:B', [args: '-x']), process('OTHER:B', GANG + [args: '-x'])) ==
      keyOf(process('WF:A', GANG + [:]), process('WF:B', [args: '-y']), process('OTHER:B', GANG + [args: '-y']))
  }

  def 'should see text and a closure that gives it as equal, and take a closure over foreign inputs by its class'() {
    expect:
    keyOf(process('WF:A', GANG + [:]), process('WF:B', GANG + [args: 'NA12878'])) ==
      keyOf(process('WF:A', GANG + [:]), process('WF:B', GANG + [args: { meta.id }]))
    keyOf(process('WF:A', GANG + [:]), process('WF:B', GANG + [args: { unknown.thing }])) ==~ /[0-9a-f]{64}/
  }
}
