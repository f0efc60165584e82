package io.nfspawn.plugin.config

import io.nfspawn.cloud.Resources
import io.nfspawn.plugin.config.SpawnSettings.Machine
import java.time.Duration
import nextflow.util.MemoryUnit
import spock.lang.Specification

class SpawnSettingsSpec extends Specification {
  static final MACHINE = new Machine(8, MemoryUnit.of('32 GB').toBytes())

  def 'should use the whole machine when nothing is set'() {
    when:
    def settings = SpawnSettings.read(null, MACHINE)
    then:
    settings.provider() == 'local'
    settings.local().instances() == 1
    settings.local().slice() == Resources.of(8, MemoryUnit.of('32 GB').toBytes())
    settings.local().ranksPerCpu() == 8
    settings.local().lease() == Duration.ofSeconds(30)
    settings.gang().arrivalTimeout() == Duration.ofMinutes(5)
    settings.maxReclaims() == 3
    settings.channel().fabric() == 'off'
    settings.channel().encryption() == 'authenticate'
  }

  def 'should read what nextflow makes of a configuration file'() {
    given:
    def spawn = new ConfigSlurper().parse('''
      spawn {
        maxReclaims = 0
        local { instances = 2; cpus = 4; memory = '8 GB'; lease = '10s' }
        gang.arrivalTimeout = '1 min'
        channel { fabric = 'preferred'; encryption = 'required' }
      }''').spawn
    when:
    def settings = SpawnSettings.read(spawn, MACHINE)
    then:
    settings.maxReclaims() == 0
    settings.local().instances() == 2
    settings.local().slice() == new Resources(2000, MemoryUnit.of('4 GB').toBytes(), 0, 0)
    settings.local().lease() == Duration.ofSeconds(10)
    settings.gang().arrivalTimeout() == Duration.ofMinutes(1)
    settings.channel().fabric() == 'preferred'
    settings.channel().encryption() == 'required'
  }

  def 'should take values of nextflow types and text built from variables'() {
    given:
    def two = 2
    when:
    def settings = SpawnSettings.read(
      [provider: "${'lo'}cal", local: [memory: 4.GB, lease: nextflow.util.Duration.of('1 min'), ranksPerCpu: "${two}"]], MACHINE)
    then:
    settings.provider() == 'local'
    settings.local().slice().memoryBytes() == MemoryUnit.of('4 GB').toBytes()
    settings.local().ranksPerCpu() == 2
  }

  def 'should name every problem at once'() {
    when:
    SpawnSettings.read([provider: 'lokal', maxReclaim: 1, local: [cpus: 0, memory: 'much', leese: '1s'], gang: 5, channel: [encryption: 'on']], MACHINE)
    then:
    def error = thrown(ConfigProblems)
    error.message.readLines()*.trim() == [
      'nextflow.config: 7 problems',
      'spawn.provider = lokal: must be one of local',
      'spawn.maxReclaim is not an option; did you mean spawn.maxReclaims?',
      'spawn.local.cpus = 0: must be a whole number from 1 to 1024',
      'spawn.local.memory = much: must be an amount of memory such as 8 GB from 64 MB on',
      'spawn.local.leese is not an option; did you mean spawn.local.lease?',
      'spawn.gang = 5: is a scope with options of its own, not a value',
      'spawn.channel.encryption = on: must be one of required, authenticate, off',
    ]
  }

  def 'should say a single problem in one line'() {
    when:
    SpawnSettings.read([local: [lease: '1 ms']], MACHINE)
    then:
    def error = thrown(ConfigProblems)
    error.message == 'nextflow.config: spawn.local.lease = 1 ms: must be a duration such as 30 s from 2 s to 1 h'
  }

  def 'should keep the reference page true to the options'() {
    when: 'copy target/config.md over docs/config.md when this fails'
    new File('target/config.md').text = OptionReference.page()
    then:
    new File(System.getProperty('spawn.root'), 'docs/config.md').text == OptionReference.page()
  }
}
