package io.nfspawn.plugin

import java.nio.file.Files
import java.nio.file.Path
import nextflow.processor.TaskBean
import spock.lang.Specification
import spock.lang.TempDir

class TaskWrapperSpec extends Specification {
  @TempDir Path directory

  /** The wrapper of a script in a directory whose name needs quotes. */
  def wrapper(Map more = [:]) {
    def workDir = Files.createDirectories(directory.resolve("it's work"))
    def bean = new TaskBean([workDir: workDir, targetDir: workDir, name: 'P (1)', shell: ['/bin/bash', '-ue']] + more)
    TaskWrapper.of(bean).build()
    workDir
  }

  def run(Path workDir) {
    def process = new ProcessBuilder('bash', '-ue', '.command.run')
      .directory(workDir.toFile()).redirectErrorStream(true).redirectOutput(workDir.resolve('.command.log').toFile()).start()
    process.waitFor()
  }

  def 'should leave what Nextflow\'s wrapper leaves'() {
    given:
    def workDir = wrapper(script: 'echo out; echo err >&2; exit 3')
    expect:
    run(workDir) == 3
    Files.exists(workDir.resolve('.command.begin'))
    workDir.resolve('.exitcode').text == '3'
    workDir.resolve('.command.out').text == 'out\n'
    workDir.resolve('.command.err').text == 'err\n'
    workDir.resolve('.command.log').readLines().sort() == ['err', 'out']
  }

  def 'should start no process that has no effect'() {
    when:
    def text = wrapper(script: 'true').resolve('.command.run').text
    then:
    !(text =~ /(?m)^ *touch /)
    !(text =~ /(?m)^ *nxf_unstage$/)
  }

  def 'should take outputs out of a scratch directory'() {
    given:
    def workDir = wrapper(script: 'echo kept > kept.txt', scratch: true, outputFiles: ['kept.txt'])
    expect:
    run(workDir) == 0
    workDir.resolve('kept.txt').text == 'kept\n'
    Files.exists(workDir.resolve('.command.out'))
  }
}
