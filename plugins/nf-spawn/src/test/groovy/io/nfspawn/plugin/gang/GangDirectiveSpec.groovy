package io.nfspawn.plugin.gang

import io.nfspawn.plugin.scheduler.Composition
import io.nfspawn.plugin.scheduler.GangId
import spock.lang.Specification

class GangDirectiveSpec extends Specification {
  static final GangId UNNAMED = new GangId('unnamed')

  def 'should read a member, text built from variables included'() {
    given:
    def sample = 'NA12878'
    when:
    def member = GangDirective.read('CALL (1)', [
      id: "${sample}", role: 'call', roles: [distribute: 1, call: 3L, merge: 1], senders: ['distribute', "${'call'}"]], UNNAMED)
    then:
    member.gang() == new GangId('NA12878')
    member.role() == 'call'
    member.composition() == new Composition([distribute: 1, call: 3, merge: 1], ['distribute', 'call'] as Set)
  }

  def 'should take everyone for a receiver when no senders are named'() {
    expect:
    GangDirective.read('A', [id: 1, role: 'a', roles: [a: 1]], UNNAMED).composition().sendOnly().isEmpty()
  }

  def 'should take the gang of the sample, else of the workflow, when no id is given'() {
    expect:
    GangDirective.read('A', [role: 'a', roles: [a: 1]], GangDirective.unnamed(meta, process)).gang() == new GangId(gang)
    where:
    meta              | process             || gang
    [id: 'NA12878']   | 'VARIANTS:CALL'     || 'NA12878'
    [id: 7, sex: 'f'] | 'CALL'              || '7'
    [sex: 'f']        | 'MAIN:VARIANTS:CALL' || 'MAIN:VARIANTS'
    'NA12878'         | 'VARIANTS:CALL'     || 'VARIANTS'
    null              | 'CALL'              || 'workflow'
  }

  def 'should refuse #gang'() {
    when:
    GangDirective.read('CALL (1)', gang, UNNAMED)
    then:
    def error = thrown(IllegalArgumentException)
    error.message == "ext.gang of CALL (1): $message"
    where:
    gang                                                    || message
    'NA12878'                                               || "is NA12878, expected a map, e.g. ext.gang = { [role: 'call', roles: [call: 2, merge: 1]] }"
    [id: '', role: 'a', roles: [a: 1]]                      || "id is missing, e.g. ext.gang = { [role: 'call', roles: [call: 2, merge: 1]] }"
    [id: null, role: 'a', roles: [a: 1]]                    || "id is missing, e.g. ext.gang = { [role: 'call', roles: [call: 2, merge: 1]] }"
    [roles: [a: 1]]                                         || "role is missing, e.g. ext.gang = { [role: 'call', roles: [call: 2, merge: 1]] }"
    [id: 'g', rôle: 'a', roles: [a: 1]]                     || "unknown key 'rôle' (did you mean 'role'?); it takes id, role, roles, senders"
    [id: 'g', role: 'b', roles: [a: 1]]                     || "role 'b' is none of its roles [a]"
    [id: 'g', role: 'a', roles: [a: 'two']]                 || "role 'a' has 'two' members, expected a whole number"
    [id: 'g', role: 'a', roles: [a: 0]]                     || "gang role 'a' has 0 members; at least 1 is needed"
    [id: 'g', role: 'a', roles: [a: 1], senders: 'a']       || "senders is 'a', expected a list of roles"
    [id: 'g', role: 'a', roles: [a: 1], senders: ['merge']] || "sender 'merge' is none of its roles [a]"
  }
}
