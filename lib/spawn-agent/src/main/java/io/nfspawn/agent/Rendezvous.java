package io.nfspawn.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nfspawn.protocol.wire.GangMembership;
import io.nfspawn.protocol.wire.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The two JSON files by which members learn each other's addresses. */
final class Rendezvous {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Rendezvous() {}

  private record MembersFile(String gang, int epoch, List<MemberEntry> members) {}

  private record MemberEntry(
      int rank,
      String role,
      String host,
      String zone,
      List<String> wires,
      Map<String, String> endpoints) {
    static MemberEntry of(Member member) {
      return new MemberEntry(
          member.getRank(),
          member.getRole(),
          member.getHost(),
          member.getZone(),
          List.copyOf(member.getWiresList()),
          new TreeMap<>(member.getEndpointsMap()));
    }
  }

  static byte[] members(GangMembership gang, List<Member> members) throws JsonProcessingException {
    List<MemberEntry> entries = members.stream().map(MemberEntry::of).toList();
    return JSON.writeValueAsBytes(new MembersFile(gang.getGangId(), gang.getEpoch(), entries));
  }

  /** Wire name → endpoint, as a member wrote it. */
  static Map<String, String> address(Path file) throws IOException {
    return JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, String>>() {});
  }
}
